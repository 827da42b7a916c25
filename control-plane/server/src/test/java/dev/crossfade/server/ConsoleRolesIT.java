package dev.crossfade.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.api.v1.AccessServiceGrpc;
import dev.crossfade.api.v1.CreateTokenRequest;
import dev.crossfade.api.v1.Job;
import dev.crossfade.api.v1.JobKind;
import dev.crossfade.api.v1.ListTokensRequest;
import dev.crossfade.api.v1.RevokeTokenRequest;
import dev.crossfade.api.v1.Role;
import dev.crossfade.api.v1.StartJobRequest;
import dev.crossfade.api.v1.Token;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who may see and do what in the console, where the control plane asks who calls. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsoleRolesIT {
  private static final String NAME = "split-customers";
  private static final String PAGE = "/migrations/" + NAME;

  /** Every page, and the least role that may look at it. */
  private static final Map<String, Role> PAGES =
      Map.of(
          "/",
          Role.ROLE_VIEWER,
          "/jobs",
          Role.ROLE_VIEWER,
          "/jobs/1",
          Role.ROLE_VIEWER,
          "/sidecars",
          Role.ROLE_VIEWER,
          PAGE,
          Role.ROLE_VIEWER,
          "/migrations/notes/dead-letters",
          Role.ROLE_VIEWER,
          "/tokens",
          Role.ROLE_ADMIN);

  /** Every form, and the least role that it is offered to. */
  private static final Map<String, Role> FORMS =
      Map.ofEntries(
          Map.entry("/apply", Role.ROLE_OPERATOR),
          Map.entry(PAGE + "/stage?to=DUAL_WRITE", Role.ROLE_OPERATOR),
          Map.entry(PAGE + "/reads?percent=5", Role.ROLE_OPERATOR),
          Map.entry(PAGE + "/consistency", Role.ROLE_OPERATOR),
          Map.entry(PAGE + "/start", Role.ROLE_OPERATOR),
          Map.entry(PAGE + "/statements", Role.ROLE_OPERATOR),
          Map.entry(PAGE + "/forget", Role.ROLE_OPERATOR),
          Map.entry(PAGE + "/rollout/start", Role.ROLE_OPERATOR),
          Map.entry(PAGE + "/dead-letters/replay", Role.ROLE_OPERATOR),
          Map.entry(PAGE + "/dead-letters/discard", Role.ROLE_OPERATOR),
          Map.entry("/jobs/1/cancel", Role.ROLE_OPERATOR),
          Map.entry("/tokens/create", Role.ROLE_ADMIN));

  /** What each form's call is refused with, where it does not come from this console's page. */
  private static final Map<String, String> CALLS =
      Map.of(
          "/apply",
          "Apply",
          PAGE + "/reads",
          "SetReadPercent",
          PAGE + "/consistency",
          "SetConsistency",
          PAGE + "/start",
          "StartJob",
          PAGE + "/statements",
          "StartJob",
          PAGE + "/forget",
          "ForgetMismatches",
          PAGE + "/dead-letters/replay",
          "ReplayDeadLetters",
          "/tokens/create",
          "CreateToken",
          "/tokens/1/revoke",
          "(Revoke|List)Tokens?");

  /** Everything that a form of these may want. */
  private static final Map<String, String> FIELDS =
      Map.ofEntries(
          Map.entry("reason", "because"),
          Map.entry("percent", "7"),
          Map.entry("yaml", "x"),
          Map.entry("source", "x"),
          Map.entry("freshness", "eventual"),
          Map.entry("ack", "async"),
          Map.entry("kind", "verify"),
          Map.entry("side", "new"),
          Map.entry("statements", "SELECT 1"),
          Map.entry("name", "x"),
          Map.entry("role", "viewer"),
          Map.entry("days", "1"));

  private ConsoleScene scene;
  private String admin = "";

  @BeforeAll
  void start() throws Exception {
    scene = ConsoleScene.start(TestDatabases.create(), JobDatabases.create(1).databasesFile());
    scene.apply(NAME);
    scene.apply(JobDatabases.YAML, "notes.yaml");
    Job job =
        scene
            .jobs()
            .startJob(
                StartJobRequest.newBuilder()
                    .setMigration(JobDatabases.MIGRATION)
                    .setKind(JobKind.JOB_KIND_VERIFY)
                    .build())
            .getJob();
    assertThat(job.getId()).isEqualTo(1);
    admin = token("root", Role.ROLE_ADMIN);
  }

  @AfterAll
  void stop() {
    scene.close();
  }

  private AccessServiceGrpc.AccessServiceBlockingStub access() {
    var stub =
        AccessServiceGrpc.newBlockingStub(scene.channel()).withDeadlineAfter(30, TimeUnit.SECONDS);
    if (admin.isEmpty()) {
      return stub;
    }
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + admin);
    return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  private String token(String name, Role role) {
    return access()
        .createToken(CreateTokenRequest.newBuilder().setName(name).setRole(role).build())
        .getSecret();
  }

  private HttpResponse<String> login(ConsoleScene.Window window, String token) throws Exception {
    HttpResponse<String> form = window.get("/login?next=" + PAGE);
    return window.post(
        "/login", Map.of("csrf", ConsoleScene.csrf(form), "token", token, "next", PAGE));
  }

  @Test
  void whoHasNotLoggedInSeesTheLoginOnly() throws Exception {
    int address = 0;
    for (String path : PAGES.keySet()) {
      ConsoleScene.Window window = scene.window("127.4.0." + ++address);
      HttpResponse<String> response = window.get(path);
      assertThat(response.statusCode()).as(path).isEqualTo(303);
      assertThat(response.headers().firstValue("Location")).hasValue("/login?next=" + path);
      assertThat(response.body()).isEmpty();
      assertThat(window.get("/live" + (path.equals("/") ? "" : path)).statusCode())
          .as(path)
          .isEqualTo(401);
    }
    ConsoleScene.Window window = scene.window("127.4.1.1");
    for (String path : FORMS.keySet()) {
      assertThat(window.get(path).statusCode()).as(path).isEqualTo(303);
    }
    assertThat(window.get("/healthz").statusCode()).isEqualTo(200);
    assertThat(login(window, "cf_nonsense").statusCode()).isEqualTo(401);
    assertThat(login(window, "two words").statusCode()).isEqualTo(400);
    assertThat(window.get("/").statusCode()).isEqualTo(303);
  }

  @ParameterizedTest
  @EnumSource(
      value = Role.class,
      names = {"ROLE_VIEWER", "ROLE_OPERATOR", "ROLE_ADMIN"})
  void everyRoleSeesEveryPageAndOnlyThoseWhoOperateChangeAnything(Role role) throws Exception {
    boolean may = role != Role.ROLE_VIEWER;
    String name = role.name().toLowerCase(Locale.ROOT);
    ConsoleScene.Window window = scene.window();
    HttpResponse<String> done = login(window, token(name, role));
    assertThat(done.statusCode()).isEqualTo(303);
    assertThat(done.headers().firstValue("Location")).hasValue(PAGE);
    for (var each : PAGES.entrySet()) {
      boolean sees = role.getNumber() >= each.getValue().getNumber();
      HttpResponse<String> page = window.get(each.getKey());
      assertThat(page.statusCode()).as(each.getKey()).isEqualTo(sees ? 200 : 403);
      assertThat(page.body()).doesNotContain("cf_");
      if (sees) {
        assertThat(page.body()).contains(name);
        assertThat(page.body().contains("href=\"/tokens\"")).isEqualTo(role == Role.ROLE_ADMIN);
      }
    }
    String page = window.get(PAGE).body();
    assertThat(page.contains("id=\"forward\"")).isEqualTo(may);
    assertThat(page.contains("class=\"shareform\"")).isEqualTo(may);
    assertThat(page.contains("id=\"start-job\"")).isEqualTo(may);
    assertThat(page.contains("id=\"start-statements\"")).isEqualTo(may);
    assertThat(page.contains("id=\"consistency\"")).isEqualTo(may);
    assertThat(window.get("/").body().contains("id=\"apply\"")).isEqualTo(may);
    for (var each : FORMS.entrySet()) {
      assertThat(window.get(each.getKey()).body().contains("class=\"stack\""))
          .as(each.getKey())
          .isEqualTo(role.getNumber() >= each.getValue().getNumber());
    }
    // Whoever makes the form himself is refused by the service.
    String csrf = ConsoleScene.csrf(window.get(PAGE));
    HttpResponse<String> reads =
        window.post(
            PAGE + "/reads",
            Map.of(
                "csrf",
                csrf,
                "percent",
                String.valueOf(7 + role.getNumber()),
                "reason",
                "because of " + name));
    assertThat(reads.statusCode()).isEqualTo(may ? 303 : 403);
    if (may) {
      assertThat(window.get(PAGE).body()).contains("because of " + name);
    } else {
      assertThat(reads.body()).contains("has the role viewer, and SetReadPercent needs operator");
    }
    assertThat(window.post("/logout", Map.of("csrf", csrf)).statusCode()).isEqualTo(303);
    assertThat(window.get(PAGE).statusCode()).isEqualTo(303);
  }

  @Test
  void whoMakesTheFormHimselfIsRefusedByTheService() throws Exception {
    ConsoleScene.Window window = scene.window();
    login(window, token("peeper", Role.ROLE_VIEWER));
    Map<String, String> fields = new HashMap<>(FIELDS);
    fields.put("csrf", ConsoleScene.csrf(window.get(PAGE)));
    for (var call : CALLS.entrySet()) {
      HttpResponse<String> refused = window.post(call.getKey(), fields);
      assertThat(refused.statusCode()).as(call.getKey()).isEqualTo(403);
      assertThat(refused.body())
          .as(call.getKey())
          .containsPattern(
              "peeper has the role viewer, and " + call.getValue() + " needs (operator|admin)");
    }
  }

  @Test
  void aSidecarsTokenIsNoneForPeople() throws Exception {
    ConsoleScene.Window window = scene.window();
    login(window, token("shop-sidecar", Role.ROLE_SIDECAR));
    assertThat(window.get("/").statusCode()).isEqualTo(403);
  }

  @Test
  void whoseTokenIsRevokedIsOutAtOnce() throws Exception {
    ConsoleScene.Window window = scene.window();
    login(window, token("leaver", Role.ROLE_OPERATOR));
    assertThat(window.get("/").statusCode()).isEqualTo(200);
    Token token =
        access().listTokens(ListTokensRequest.getDefaultInstance()).getTokensList().stream()
            .filter(each -> each.getName().equals("leaver"))
            .findFirst()
            .orElseThrow();
    access().revokeToken(RevokeTokenRequest.newBuilder().setId(token.getId()).build());
    assertThat(window.get("/").statusCode()).isEqualTo(303);
  }
}
