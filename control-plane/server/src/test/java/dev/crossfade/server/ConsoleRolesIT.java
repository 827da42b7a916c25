package dev.crossfade.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.api.v1.AccessServiceGrpc;
import dev.crossfade.api.v1.CreateTokenRequest;
import dev.crossfade.api.v1.ListTokensRequest;
import dev.crossfade.api.v1.RevokeTokenRequest;
import dev.crossfade.api.v1.Role;
import dev.crossfade.api.v1.Token;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.net.http.HttpResponse;
import java.util.List;
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
  private static final List<String> PAGES = List.of("/", "/jobs", "/sidecars", PAGE);
  private static final List<String> FORMS =
      List.of(PAGE + "/stage?to=DUAL_WRITE", PAGE + "/reads?percent=5", PAGE + "/start");

  private ConsoleScene scene;
  private String admin = "";

  @BeforeAll
  void start() throws Exception {
    scene = ConsoleScene.start(TestDatabases.create(), null);
    scene.apply(NAME);
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
    ConsoleScene.Window window = scene.window();
    for (String path : PAGES) {
      HttpResponse<String> response = window.get(path);
      assertThat(response.statusCode()).as(path).isEqualTo(303);
      assertThat(response.headers().firstValue("Location")).hasValue("/login?next=" + path);
      assertThat(response.body()).isEmpty();
      assertThat(window.get("/live" + (path.equals("/") ? "" : path)).statusCode())
          .as(path)
          .isEqualTo(401);
    }
    for (String path : FORMS) {
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
    for (String path : PAGES) {
      HttpResponse<String> page = window.get(path);
      assertThat(page.statusCode()).as(path).isEqualTo(200);
      assertThat(page.body()).contains(name).doesNotContain("cf_");
    }
    String page = window.get(PAGE).body();
    assertThat(page.contains("id=\"forward\"")).isEqualTo(may);
    assertThat(page.contains("class=\"shareform\"")).isEqualTo(may);
    assertThat(page.contains("id=\"start-job\"")).isEqualTo(may);
    for (String path : FORMS) {
      assertThat(window.get(path).body().contains("<textarea")).as(path).isEqualTo(may);
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
