package dev.crossfade.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.api.v1.Change;
import dev.crossfade.api.v1.Job;
import dev.crossfade.api.v1.ListJobsRequest;
import dev.crossfade.api.v1.Stage;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The console over HTTP, in front of a real control plane. */
class ConsoleIT {
  private static final String NAME = "split-customers";
  private static final Pattern ASSET = Pattern.compile("(?:href|src)=\"(/assets/[^\"]+)\"");

  private ConsoleScene scene;

  @BeforeEach
  void start() throws Exception {
    scene = ConsoleScene.start(TestDatabases.create(), null);
    scene.apply(NAME);
  }

  @AfterEach
  void stop() {
    scene.close();
  }

  private static String header(HttpResponse<String> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/jobs",
        "/sidecars",
        "/tokens",
        "/tokens/create",
        "/apply",
        "/login",
        "/migrations/split-customers",
        "/migrations/split-customers/stage?to=DUAL_WRITE",
        "/migrations/split-customers/reads?percent=12.5",
        "/migrations/split-customers/start",
        "/migrations/split-customers/statements",
        "/migrations/split-customers/consistency",
        "/migrations/split-customers/forget"
      })
  void everyPageIsServedWithWhatProtectsIt(String path) throws Exception {
    HttpResponse<String> response = scene.page(path);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(header(response, "Content-Type")).isEqualTo("text/html; charset=utf-8");
    assertThat(header(response, "Content-Security-Policy"))
        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(header(response, "X-Frame-Options")).isEqualTo("DENY");
    assertThat(header(response, "X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(header(response, "Cache-Control")).isEqualTo("no-store");
    assertThat(header(response, "Set-Cookie")).contains("HTTPOnly", "SameSite=Lax", "Path=/");
    assertThat(response.body())
        .doesNotContainPattern("(?i)<[^>]+ (style|on[a-z]+)=")
        .doesNotContain("<style", "<script>");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/nowhere",
        "/migrations/absent",
        "/migrations/absent/stage?to=SHADOW",
        "/migrations/Split",
        "/jobs/9999",
        "/jobs/0",
        "/jobs/1/explode",
        "/assets/000000000000/console.css",
        "/live/nowhere"
      })
  void whatIsNotThereIsNotFound(String path) throws Exception {
    HttpResponse<String> response = scene.page(path);
    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.body()).contains("<h1>There is no such page</h1>");
    assertThat(header(response, "Content-Security-Policy")).isNotEmpty();
  }

  @Test
  void assetsAreKeptForEverUnderTheNameOfTheirContent() throws Exception {
    Matcher assets = ASSET.matcher(scene.page("/").body());
    int seen = 0;
    while (assets.find()) {
      HttpResponse<String> asset = scene.page(assets.group(1));
      assertThat(asset.statusCode()).isEqualTo(200);
      assertThat(header(asset, "Cache-Control")).contains("immutable");
      assertThat(asset.body()).isNotEmpty();
      seen++;
    }
    assertThat(seen).isGreaterThanOrEqualTo(5);
  }

  @Test
  void healthIsThatOfTheCatalog() throws Exception {
    assertThat(scene.page("/healthz").statusCode()).isEqualTo(200);
    assertThat(scene.page("/healthz").body()).isEqualTo("ok\n");
  }

  @Test
  void aStepIsToldThenTakenAndKeptWithItsReason() throws Exception {
    HttpResponse<String> form = scene.page("/migrations/" + NAME + "/stage?to=DUAL_WRITE");
    assertThat(form.body()).contains("from OFF to DUAL_WRITE", "writes are mirrored to new");
    HttpResponse<String> done =
        scene.post(
            "/migrations/" + NAME + "/stage",
            Map.of(
                "csrf",
                ConsoleScene.csrf(form),
                "version",
                ConsoleScene.version(form),
                "to",
                "DUAL_WRITE",
                "reason",
                "it begins"));
    assertThat(done.statusCode()).isEqualTo(303);
    assertThat(header(done, "Location")).isEqualTo("/migrations/" + NAME);
    assertThat(scene.page("/migrations/" + NAME).body())
        .contains("migration &#39;split-customers&#39; is in DUAL_WRITE");
    assertThat(scene.page("/migrations/" + NAME).body()).doesNotContain("class=\"told\"");
    Change change = scene.get(NAME).getHistory(0);
    assertThat(change.getActor()).isEqualTo("console");
    assertThat(change.getReason()).isEqualTo("it begins");
    assertThat(scene.get(NAME).getMigration().getStage()).isEqualTo(Stage.STAGE_DUAL_WRITE);
  }

  @Test
  void whoDecidedOnAnOlderVersionIsToldToDecideAgain() throws Exception {
    HttpResponse<String> form = scene.page("/migrations/" + NAME + "/reads?percent=5");
    scene.reads(NAME, 1_000);
    HttpResponse<String> refused =
        scene.post(
            "/migrations/" + NAME + "/reads",
            Map.of(
                "csrf",
                ConsoleScene.csrf(form),
                "version",
                ConsoleScene.version(form),
                "percent",
                "5",
                "reason",
                "more"));
    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(refused.body())
        .contains("not at the expected version", "read it again, then decide again")
        .contains(">more</textarea>");
    assertThat(scene.get(NAME).getMigration().getReadBuckets()).isEqualTo(1_000);
  }

  @Test
  void whatCannotBeMeantIsRefusedInASentence() throws Exception {
    String path = "/migrations/" + NAME + "/reads";
    String csrf = ConsoleScene.csrf(scene.page(path));
    assertThat(scene.post(path, Map.of("csrf", csrf, "percent", "5")).body())
        .contains("the reason is missing");
    assertThat(scene.page(path + "?percent=101").statusCode()).isEqualTo(400);
    assertThat(scene.page(path + "?percent=101").body()).contains("is no percentage");
    assertThat(scene.page("/migrations/" + NAME + "/stage?to=MOON").body())
        .contains("&#39;MOON&#39; is no stage");
    assertThat(scene.page("/migrations/" + NAME + "/rollback").body())
        .contains("is in OFF: there is no way back");
    HttpResponse<String> tooLong =
        scene.post(
            path,
            Map.of("csrf", csrf, "percent", "5", "version", "1", "reason", "x".repeat(1_025)));
    assertThat(tooLong.statusCode()).isEqualTo(400);
    assertThat(tooLong.body()).contains("the reason has 1025 characters; at most 1024");
    HttpResponse<String> longEnough =
        scene.post(
            path,
            Map.of(
                "csrf",
                csrf,
                "percent",
                "5",
                "version",
                String.valueOf(scene.get(NAME).getMigration().getVersion()),
                "reason",
                "x".repeat(1_024)));
    assertThat(longEnough.statusCode()).isEqualTo(303);
    HttpResponse<String> jump =
        scene.post(
            "/migrations/" + NAME + "/stage", Map.of("csrf", csrf, "to", "RAMP", "reason", "jump"));
    assertThat(jump.statusCode()).isEqualTo(409);
    assertThat(jump.body()).contains("cannot go from OFF to RAMP in one step");
  }

  @Test
  void formsOfOthersAreRefused() throws Exception {
    String path = "/migrations/" + NAME + "/stage";
    String csrf = ConsoleScene.csrf(scene.page(path + "?to=DUAL_WRITE"));
    Map<String, String> fields = Map.of("to", "DUAL_WRITE", "reason", "stolen", "csrf", csrf);
    Map<String, String> guessed = Map.of("to", "DUAL_WRITE", "reason", "stolen", "csrf", "guess");
    Map<String, String> without = Map.of("to", "DUAL_WRITE", "reason", "stolen");
    String others = ConsoleScene.csrf(scene.window().get(path + "?to=DUAL_WRITE"));
    assertThat(scene.post(path, without).statusCode()).isEqualTo(403);
    assertThat(scene.post(path, guessed).statusCode()).isEqualTo(403);
    assertThat(
            scene
                .post(path, Map.of("to", "DUAL_WRITE", "reason", "stolen", "csrf", others))
                .statusCode())
        .isEqualTo(403);
    assertThat(scene.post(path, fields, "Sec-Fetch-Site", "cross-site").statusCode())
        .isEqualTo(403);
    assertThat(scene.post(path, fields, "Origin", "https://evil.example").statusCode())
        .isEqualTo(403);
    assertThat(scene.get(NAME).getMigration().getStage()).isEqualTo(Stage.STAGE_OFF);
    assertThat(scene.post(path, fields, "Origin", scene.base()).statusCode()).isEqualTo(303);
  }

  @Test
  void aNameThatOthersGiveToThisMachineIsNotAnswered() throws Exception {
    assertThat(raw("GET / HTTP/1.1\r\nHost: evil.example:" + scene.port() + "\r\n"))
        .startsWith("HTTP/1.1 421 ")
        .contains("this console is served to this machine only");
    assertThat(raw("GET / HTTP/1.1\r\nHost: localhost:" + scene.port() + "\r\n"))
        .startsWith("HTTP/1.1 200 ");
  }

  private String raw(String head) throws Exception {
    try (Socket socket = new Socket("127.0.0.1", scene.port())) {
      socket.setSoTimeout(30_000);
      socket
          .getOutputStream()
          .write((head + "Connection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
      try (InputStream answer = socket.getInputStream()) {
        return new String(answer.readAllBytes(), StandardCharsets.UTF_8);
      }
    }
  }

  @Test
  void formsAndAddressesHaveTheirLimits() throws Exception {
    String path = "/migrations/" + NAME + "/reads";
    String csrf = ConsoleScene.csrf(scene.page(path));
    HttpResponse<String> large =
        scene.post(path, Map.of("csrf", csrf, "percent", "5", "reason", "x".repeat(20_000)));
    assertThat(large.statusCode()).isEqualTo(413);
    assertThat(raw("GET /" + "x".repeat(5_000) + " HTTP/1.1\r\nHost: localhost\r\n"))
        .startsWith("HTTP/1.0 414 ");
    assertThat(raw("GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: " + "x".repeat(20_000) + "\r\n"))
        .startsWith("HTTP/1.1 431 ");
    assertThat(scene.page("/").statusCode()).isEqualTo(200);
  }

  @Test
  void whatPeopleWroteIsShownAndNeverRun() throws Exception {
    String hostile = "<script>alert('x')</script>\" onload=\"alert(1)";
    scene.apply(
        MigrationFiles.named("hostile").replace("one table per concern", "<script>alert(2)"),
        hostile);
    HttpResponse<String> form = scene.page("/migrations/hostile/reads?percent=1");
    scene.post(
        "/migrations/hostile/reads",
        Map.of("csrf", ConsoleScene.csrf(form), "percent", "1", "reason", hostile));
    String body = scene.page("/migrations/hostile").body();
    assertThat(body)
        .contains("&lt;script&gt;alert(2)")
        .contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot; onload=&quot;alert(1)")
        .doesNotContain("<script>alert");
    assertThat(scene.page("/login?next=//evil.example").body())
        .contains("name=\"next\" value=\"/\"");
    assertThat(scene.page("/%3Cscript%3E").body()).doesNotContain("<script>");
  }

  @Test
  void aRollbackTakesTheReadsBack() throws Exception {
    scene.stage(NAME, Stage.STAGE_DUAL_WRITE, Stage.STAGE_SHADOW, Stage.STAGE_RAMP);
    scene.reads(NAME, 50_000);
    assertThat(scene.page("/").body()).contains("50%");
    HttpResponse<String> form = scene.page("/migrations/" + NAME + "/rollback");
    assertThat(form.body()).contains("<option>SHADOW</option>", "<option selected>OFF</option>");
    HttpResponse<String> done =
        scene.post(
            "/migrations/" + NAME + "/rollback",
            Map.of("csrf", ConsoleScene.csrf(form), "to", "DUAL_WRITE", "reason", "errors"));
    assertThat(done.statusCode()).isEqualTo(303);
    assertThat(scene.get(NAME).getMigration().getStage()).isEqualTo(Stage.STAGE_DUAL_WRITE);
    assertThat(scene.get(NAME).getMigration().getReadBuckets()).isZero();
  }

  @Test
  void jobsAreStartedHeldAndEnded() throws Exception {
    try (ConsoleScene jobs =
        ConsoleScene.start(TestDatabases.create(), JobDatabases.create(3).databasesFile())) {
      jobs.apply(JobDatabases.YAML, "notes.yaml");
      String start = "/migrations/notes/start";
      String csrf = ConsoleScene.csrf(jobs.page(start + "?kind=verify"));
      Map<String, String> fields = Map.of("csrf", csrf, "kind", "repair", "reason", "to be sure");
      HttpResponse<String> early = jobs.post(start, fields);
      assertThat(early.statusCode()).isEqualTo(409);
      jobs.stage("notes", Stage.STAGE_DUAL_WRITE);
      Map<String, String> lasting =
          Map.of("csrf", csrf, "kind", "continuous verify", "reason", "to be sure");
      assertThat(jobs.post(start, lasting).statusCode()).isEqualTo(303);
      Job job = jobs.jobs().listJobs(ListJobsRequest.getDefaultInstance()).getJobs(0);
      String path = "/jobs/" + job.getId();
      assertThat(jobs.page(path).body()).contains("continuous verify of", "to be sure");
      assertThat(jobs.page("/jobs").body()).contains("continuous verify of notes");
      assertThat(jobs.page("/").body()).contains("continuous verify of notes");
      Map<String, String> why = Map.of("csrf", csrf, "reason", "enough");
      assertThat(jobs.page(path + "/pause").body()).contains("It stops after the chunk");
      assertThat(jobs.post(path + "/pause", why).statusCode()).isEqualTo(303);
      assertThat(jobs.post(path + "/resume", why).statusCode()).isEqualTo(303);
      assertThat(jobs.post(path + "/cancel", why).statusCode()).isEqualTo(303);
      assertThat(jobs.post(path + "/resume", why).statusCode()).isEqualTo(409);
    }
  }

  @Test
  void sidecarsAreShownWithWhatTheySay() throws Exception {
    ScriptedSidecar sidecar = ScriptedSidecar.connect(scene.channel()).hello("shop", "pod-<1>", 0);
    sidecar.nack(sidecar.snapshot(), "the table <people> is not there");
    String body =
        Awaitility.await()
            .until(() -> scene.page("/sidecars").body(), page -> page.contains("refused"));
    assertThat(body).contains("pod-&lt;1&gt;", "the table &lt;people&gt; is not there");
    sidecar.leave();
  }
}
