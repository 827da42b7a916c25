package dev.crossfade.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.api.v1.Consistency;
import dev.crossfade.api.v1.Job;
import dev.crossfade.api.v1.JobState;
import dev.crossfade.api.v1.ListJobsRequest;
import dev.crossfade.api.v1.ReadFreshness;
import dev.crossfade.api.v1.WriteAck;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Forms that carry more than a choice: files, promises, tokens. */
class ConsoleFormsIT {
  private static final String NAME = "split-customers";
  private static final String PAGE = "/migrations/" + NAME;
  private static final Pattern SECRET = Pattern.compile("id=\"secret\" value=\"(cf_[^\"]+)\"");

  private ConsoleScene scene;

  @BeforeEach
  void start() throws Exception {
    scene = ConsoleScene.start(TestDatabases.create(), null);
  }

  @AfterEach
  void stop() {
    scene.close();
  }

  private static HttpResponse<String> send(
      ConsoleScene.Window window, String path, Map<String, String> fields) throws Exception {
    Map<String, String> all = new HashMap<>(fields);
    all.put("csrf", ConsoleScene.csrf(window.get(path)));
    return window.post(path, all);
  }

  private HttpResponse<String> send(String path, Map<String, String> fields) throws Exception {
    return send(scene.window(), path, fields);
  }

  private static String location(HttpResponse<String> response) {
    return response.headers().firstValue("Location").orElse("");
  }

  @Test
  void aPastedFileIsTheVeryFileThatWasMeant() throws Exception {
    String yaml = MigrationFiles.named(NAME);
    assertThat(scene.page("/").body()).contains("id=\"apply\"");
    Map<String, String> pasted =
        Map.of("yaml", yaml.replace("\n", "\r\n"), "source", "split.yaml", "reason", "it begins");
    HttpResponse<String> done = send("/apply", pasted);
    assertThat(done.statusCode()).isEqualTo(303);
    assertThat(location(done)).isEqualTo(PAGE);
    assertThat(scene.get(NAME).getMigration().getYaml()).isEqualTo(yaml);
    assertThat(scene.get(NAME).getMigration().getSource()).isEqualTo("split.yaml");
    assertThat(scene.get(NAME).getHistory(0).getReason()).isEqualTo("it begins");
    long version = scene.get(NAME).getMigration().getVersion();
    assertThat(send("/apply", pasted).statusCode()).isEqualTo(303);
    assertThat(scene.get(NAME).getMigration().getVersion()).isEqualTo(version);
  }

  @Test
  void aBrokenFileComesBackWithWhatIsWrongWithIt() throws Exception {
    String broken = MigrationFiles.named(NAME).replace("kind: Migration", "kind: <Mutation>");
    HttpResponse<String> refused =
        send("/apply", Map.of("yaml", broken, "source", "broken.yaml", "reason", "it begins"));
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body())
        .contains("broken.yaml", "kind: &lt;Mutation&gt;", ">it begins</textarea>")
        .doesNotContain("<Mutation>");
    assertThat(send("/apply", Map.of("source", "x", "reason", "nothing")).body())
        .contains("yaml is empty");
  }

  @Test
  void aFileMayBeLongAndNotTooLong() throws Exception {
    String yaml = MigrationFiles.named(NAME);
    String lengthy = yaml + "# ü€\n".repeat(25_000);
    assertThat(
            send("/apply", Map.of("yaml", lengthy, "source", "long.yaml", "reason", "long"))
                .statusCode())
        .isEqualTo(303);
    assertThat(scene.get(NAME).getMigration().getYaml()).isEqualTo(lengthy);
    HttpResponse<String> tooLong =
        send("/apply", Map.of("yaml", yaml + "# x\n".repeat(70_000), "reason", "too long"));
    assertThat(tooLong.statusCode()).isEqualTo(400);
    assertThat(tooLong.body()).contains("yaml has more than 262144 bytes");
    HttpResponse<String> huge =
        send("/apply", Map.of("yaml", "#".repeat(1 << 20), "reason", "huge"));
    assertThat(huge.statusCode()).isEqualTo(413);
  }

  @Test
  void promisesAreSetAndShown() throws Exception {
    scene.apply(NAME);
    HttpResponse<String> form = scene.page(PAGE + "/consistency");
    assertThat(form.body())
        .contains("Now: reads read-your-writes, writes acknowledged async")
        .contains("<option selected>read-your-writes</option>");
    Map<String, String> wanted =
        Map.of(
            "csrf",
            ConsoleScene.csrf(form),
            "version",
            ConsoleScene.version(form),
            "freshness",
            "bounded",
            "bound",
            "1500",
            "ack",
            "mirrored",
            "reason",
            "they may be late");
    assertThat(scene.post(PAGE + "/consistency", wanted).statusCode()).isEqualTo(303);
    Consistency now = scene.get(NAME).getMigration().getConsistency();
    assertThat(now.getFreshness()).isEqualTo(ReadFreshness.READ_FRESHNESS_BOUNDED);
    assertThat(now.getBound().getSeconds()).isEqualTo(1);
    assertThat(now.getBound().getNanos()).isEqualTo(500_000_000);
    assertThat(now.getAck()).isEqualTo(WriteAck.WRITE_ACK_MIRRORED);
    assertThat(scene.page(PAGE).body())
        .contains("reads bounded: 1500 ms, writes acknowledged mirrored");
    assertThat(scene.post(PAGE + "/consistency", wanted).statusCode()).isEqualTo(409);
    Map<String, String> unknown = new HashMap<>(wanted);
    unknown.put("freshness", "now and then");
    assertThat(scene.post(PAGE + "/consistency", unknown).body())
        .contains("choose one of read-your-writes, bounded, eventual");
    unknown.put("freshness", "bounded");
    unknown.put("bound", "7");
    assertThat(scene.post(PAGE + "/consistency", unknown).body())
        .contains("write a whole number from 100 to 3600000");
  }

  @Test
  void statementsAreRunOnTheSideThatIsChosen() throws Exception {
    JobDatabases databases = JobDatabases.create(3);
    try (ConsoleScene jobs =
        ConsoleScene.start(TestDatabases.create(), databases.databasesFile())) {
      jobs.apply(JobDatabases.YAML, "notes.yaml");
      HttpResponse<String> done =
          send(
              jobs.window(),
              "/migrations/notes/statements",
              Map.of(
                  "side",
                  "new",
                  "statements",
                  "CREATE TABLE made (id int);\r\nCREATE INDEX CONCURRENTLY ON made (id);\r\n",
                  "source",
                  "made.sql",
                  "reason",
                  "expand"));
      assertThat(done.statusCode()).isEqualTo(303);
      Job job = jobs.jobs().listJobs(ListJobsRequest.getDefaultInstance()).getJobs(0);
      assertThat(location(done)).isEqualTo("/jobs/" + job.getId());
      Awaitility.await()
          .untilAsserted(
              () ->
                  assertThat(
                          jobs.jobs()
                              .listJobs(ListJobsRequest.getDefaultInstance())
                              .getJobs(0)
                              .getState())
                      .isEqualTo(JobState.JOB_STATE_DONE));
      assertThat(jobs.page(location(done)).body()).contains("made.sql on new", "2 statements");
      HttpResponse<String> nowhere =
          send(
              jobs.window(),
              "/migrations/notes/statements",
              Map.of("side", "both", "statements", "SELECT 1", "source", "x", "reason", "r"));
      assertThat(nowhere.statusCode()).isEqualTo(400);
      assertThat(nowhere.body()).contains("&#39;both&#39; is no side");
    }
  }

  @Test
  void whatIsNotThereToForgetIsSaidSo() throws Exception {
    scene.apply(NAME);
    HttpResponse<String> done = send(PAGE + "/forget", Map.of());
    assertThat(done.statusCode()).isEqualTo(303);
    assertThat(scene.page("/migrations/absent/forget").statusCode()).isEqualTo(404);
  }

  @Test
  void theFirstTokenIsMadeHereAndLocksTheDoor() throws Exception {
    ConsoleScene.Window window = scene.window();
    assertThat(window.get("/tokens").body()).contains("There is no token");
    Map<String, String> viewer = Map.of("name", "vera", "role", "viewer", "days", "30");
    HttpResponse<String> refused = send(window, "/tokens/create", viewer);
    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(refused.body()).contains("the first token is to be an admin&#39;s", "vera");
    HttpResponse<String> made =
        send(window, "/tokens/create", Map.of("name", "root", "role", "admin", "days", "30"));
    assertThat(made.statusCode()).isEqualTo(200);
    assertThat(made.body()).contains("shown here and nowhere else", "everybody has to log in");
    String secret = secret(made);
    assertThat(window.get("/tokens").statusCode()).isEqualTo(303);
    HttpResponse<String> in = send(window, "/login", Map.of("token", secret, "next", "/tokens"));
    assertThat(location(in)).isEqualTo("/tokens");
    assertThat(window.get("/tokens").body())
        .contains("root", "id=\"revoke-1\"")
        .doesNotContain(secret);
    assertThat(secret(send(window, "/tokens/create", viewer))).isNotEqualTo(secret);
    assertThat(window.get("/tokens/2/revoke").body()).contains("vera, with the role viewer");
    HttpResponse<String> revoked = send(window, "/tokens/2/revoke", Map.of());
    assertThat(location(revoked)).isEqualTo("/tokens");
    assertThat(window.get("/tokens").body())
        .contains("token 2 of vera is revoked", "by root")
        .doesNotContain("id=\"revoke-2\"");
    assertThat(window.get("/tokens/3/revoke").statusCode()).isEqualTo(400);
    Map<String, String> forever = Map.of("name", "x", "role", "viewer", "days", "4000");
    assertThat(send(window, "/tokens/create", forever).body())
        .contains("write a whole number from 1 to 1825");
  }

  private static String secret(HttpResponse<String> made) {
    Matcher secret = SECRET.matcher(made.body());
    assertThat(secret.find()).as(made.body()).isTrue();
    return secret.group(1);
  }
}
