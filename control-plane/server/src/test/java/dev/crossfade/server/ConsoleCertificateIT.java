package dev.crossfade.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.api.v1.AuditServiceGrpc;
import dev.crossfade.api.v1.ListAuditRequest;
import dev.crossfade.api.v1.Role;
import dev.crossfade.server.console.HttpSettings;
import dev.crossfade.testkit.tls.Authority;
import dev.crossfade.testkit.tls.Identity;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Browsers that show a certificate, where the control plane knows whom it stands for. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsoleCertificateIT {
  private static final Duration BOUND = Duration.ofSeconds(30);

  private final List<HttpClient> clients = new ArrayList<>();
  private AccessScene scene;
  private ControlPlane controlPlane;

  @BeforeAll
  void start() throws Exception {
    scene = AccessScene.start();
    controlPlane = scene.start(scene.login(), new HttpSettings("127.0.0.1", 0));
  }

  @AfterAll
  void stop() {
    clients.forEach(HttpClient::shutdownNow);
    controlPlane.close();
    scene.close();
  }

  private HttpClient browser(@Nullable Identity shown) {
    HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(BOUND)
            .cookieHandler(new CookieManager())
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(scene.authority().clientContext(Optional.ofNullable(shown)))
            .build();
    clients.add(client);
    return client;
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(
            URI.create("https://127.0.0.1:" + controlPlane.consolePort() + path))
        .timeout(BOUND);
  }

  private HttpResponse<String> get(HttpClient browser, String path) throws Exception {
    return browser.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> post(HttpClient browser, String path, Map<String, String> fields)
      throws Exception {
    String csrf = ConsoleScene.csrf(get(browser, path));
    String form =
        fields.entrySet().stream()
            .map(
                field ->
                    field.getKey()
                        + "="
                        + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&", "csrf=" + csrf + "&", ""));
    return browser.send(
        request(path)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void aCertificateIsALogin() throws Exception {
    HttpClient viewer = browser(scene.authority().issue("vera"));
    HttpResponse<String> page = get(viewer, "/");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).contains("<span class=\"who\">vera</span>").doesNotContain("Log out");
    assertThat(page.body()).doesNotContain("id=\"apply\"");
    assertThat(get(viewer, "/tokens").statusCode()).isEqualTo(403);
    assertThat(get(viewer, "/tokens").body()).contains("vera has the role viewer");
    HttpClient admin = browser(scene.authority().issue("root"));
    assertThat(get(admin, "/tokens").statusCode()).isEqualTo(200);
    Map<String, String> file =
        Map.of("yaml", MigrationFiles.named("mine"), "source", "mine.yaml", "reason", "mine");
    assertThat(post(admin, "/apply", file).statusCode()).isEqualTo(303);
    assertThat(
            AuditServiceGrpc.newBlockingStub(scene.channel(null, scene.authority().issue("root")))
                .listAudit(ListAuditRequest.newBuilder().setMigration("mine").build())
                .getRecords(0)
                .getActor())
        .isEqualTo("root");
  }

  @Test
  void aTokenCountsBeforeACertificate() throws Exception {
    HttpClient browser = browser(scene.authority().issue("vera"));
    String token = scene.token("oscar", Role.ROLE_OPERATOR, "");
    assertThat(post(browser, "/login", Map.of("token", token, "next", "/")).statusCode())
        .isEqualTo(303);
    assertThat(get(browser, "/").body()).contains("oscar", "id=\"apply\"", "Log out");
  }

  @Test
  void whomTheCertificateDoesNotNameHasToLogIn() throws Exception {
    for (@Nullable Identity shown :
        new @Nullable Identity[] {null, scene.authority().issue("mallory")}) {
      HttpResponse<String> page = get(browser(shown), "/");
      assertThat(page.statusCode()).isEqualTo(303);
      assertThat(page.headers().firstValue("Location")).hasValue("/login?next=/");
    }
  }

  @Test
  void whatOthersHaveSignedIsNotLetIn() {
    Identity foreign = Authority.create("Somebody else").issue("root");
    assertThatThrownBy(() -> get(browser(foreign), "/")).isInstanceOf(IOException.class);
  }
}
