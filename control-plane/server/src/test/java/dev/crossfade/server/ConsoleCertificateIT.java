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
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
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
    return browser(scene.authority().clientContext(Optional.ofNullable(shown)));
  }

  private HttpClient browser(SSLContext context) {
    HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(BOUND)
            .cookieHandler(new CookieManager())
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(context)
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
  void whatOthersHaveSignedIsNotLetIn() throws Exception {
    Identity foreign = Authority.create("Somebody else").issue("root");
    HttpResponse<String> without = get(browser(foreign), "/");
    assertThat(without.statusCode()).as("what is not asked for is not shown").isEqualTo(303);
    HttpClient stubborn = browser(showing(foreign));
    assertThatThrownBy(() -> get(stubborn, "/")).isInstanceOf(IOException.class);
  }

  /** One that shows its certificate whoever the server believes. */
  private SSLContext showing(Identity identity) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("root", scene.authority().certificate());
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(new KeyManager[] {new Stubborn(identity)}, trust.getTrustManagers(), null);
    return context;
  }

  /** Has one certificate for everybody. */
  private static final class Stubborn extends X509ExtendedKeyManager {
    private static final String ALIAS = "identity";

    private final Identity identity;

    Stubborn(Identity identity) {
      this.identity = identity;
    }

    @Override
    public String chooseEngineClientAlias(
        String[] kinds, Principal @Nullable [] issuers, SSLEngine engine) {
      return ALIAS;
    }

    @Override
    public String chooseClientAlias(String[] kinds, Principal @Nullable [] issuers, Socket socket) {
      return ALIAS;
    }

    @Override
    public String[] getClientAliases(String kind, Principal @Nullable [] issuers) {
      return new String[] {ALIAS};
    }

    @Override
    public String[] getServerAliases(String kind, Principal @Nullable [] issuers) {
      return new String[0];
    }

    @Override
    public @Nullable String chooseServerAlias(
        String kind, Principal @Nullable [] issuers, Socket socket) {
      return null;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return new X509Certificate[] {identity.certificate()};
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return identity.key();
    }
  }
}
