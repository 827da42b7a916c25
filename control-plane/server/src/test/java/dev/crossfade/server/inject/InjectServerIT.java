package dev.crossfade.server.inject;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.crossfade.server.access.ServerTls;
import dev.crossfade.testkit.process.Await;
import dev.crossfade.testkit.tls.Authority;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the API server says to the webhook, over real HTTPS. */
class InjectServerIT {
  private static final Duration SOON = Duration.ofSeconds(60);

  private final Authority authority = Authority.create("Crossfade tests");
  private final InjectServer server;
  private final HttpClient client;

  InjectServerIT(@TempDir Path folder) throws Exception {
    authority.issue("control plane", "127.0.0.1", "localhost").write(folder, "server");
    ServerTls tls =
        ServerTls.load(
            new ServerTls.Files(
                folder.resolve("server.crt"), folder.resolve("server.key"), Optional.empty()));
    server = InjectServer.start(new InetSocketAddress("127.0.0.1", 0), tls, Pods.template());
    client =
        HttpClient.newBuilder()
            .sslContext(authority.clientContext(Optional.empty()))
            .connectTimeout(SOON)
            .build();
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  private HttpRequest.Builder request() {
    return HttpRequest.newBuilder(
            URI.create("https://localhost:" + server.port() + "/inject?timeout=10s"))
        .timeout(SOON)
        .header("Content-Type", "application/json");
  }

  private HttpResponse<String> post(String body) throws IOException, InterruptedException {
    return client.send(
        request().POST(HttpRequest.BodyPublishers.ofString(body)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static JsonObject response(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).isEqualTo(200);
    JsonObject review = Pods.object(answer.body());
    assertThat(review.get("apiVersion").getAsString()).isEqualTo("admission.k8s.io/v1");
    assertThat(review.get("kind").getAsString()).isEqualTo("AdmissionReview");
    JsonObject response = review.getAsJsonObject("response");
    assertThat(response.get("uid").getAsString()).isEqualTo("705ab4f5-6393-11e8-b7cc-42010a800002");
    assertThat(response.get("allowed").getAsBoolean()).isTrue();
    return response;
  }

  private static JsonArray patch(JsonObject response) {
    assertThat(response.get("patchType").getAsString()).isEqualTo("JSONPatch");
    byte[] patch = Base64.getDecoder().decode(response.get("patch").getAsString());
    return JsonParser.parseString(new String(patch, StandardCharsets.UTF_8)).getAsJsonArray();
  }

  @Test
  void aPodThatAsksIsAnsweredWithAPatchAndTheNextTimeWithNone() throws Exception {
    JsonObject injected =
        Pods.patched(Pods.asking(), patch(response(post(Pods.review(Pods.asking())))));
    assertThat(injected.getAsJsonObject("spec").getAsJsonArray("initContainers")).hasSize(1);
    JsonObject again = response(post(Pods.review(injected)));
    assertThat(again.has("patch")).isFalse();
    assertThat(counted("added")).isEqualTo(1);
    assertThat(counted("untouched")).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void bothVersionsOfHttpAreSpoken(int version) throws Exception {
    HttpClient.Version spoken =
        version == 1 ? HttpClient.Version.HTTP_1_1 : HttpClient.Version.HTTP_2;
    HttpResponse<String> answer =
        client.send(
            request()
                .version(spoken)
                .POST(HttpRequest.BodyPublishers.ofString(Pods.review(Pods.asking())))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.version()).isEqualTo(spoken);
    assertThat(patch(response(answer))).hasSize(3);
  }

  @Test
  void warningsReachWhoeverMakesThePod() throws Exception {
    JsonObject pod = Pods.pod("\"crossfade.dev/inject\": \"true\", \"crossfade.dev/x\": \"\"");
    assertThat(response(post(Pods.review(pod))).getAsJsonArray("warnings").toString())
        .isEqualTo("[\"annotation crossfade.dev/x has no meaning here\"]");
  }

  @Test
  void whatIsNoNewPodPasses() throws Exception {
    String review = Pods.review(Pods.asking());
    for (String other :
        new String[] {
          review.replace("\"operation\":\"CREATE\"", "\"operation\":\"UPDATE\""),
          review.replace("\"kind\":\"Pod\"", "\"kind\":\"Deployment\""),
          review.replace("\"version\":\"v1\"", "\"version\":\"v2\"")
        }) {
      assertThat(other).isNotEqualTo(review);
      assertThat(response(post(other)).has("patch")).isFalse();
    }
  }

  @Test
  void aWishThatCannotBeFulfilledIsLeftToTheFailurePolicy() throws Exception {
    HttpResponse<String> answer =
        post(Pods.review(Pods.pod("\"crossfade.dev/inject\": \"maybe\"")));
    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body())
        .isEqualTo(
            "annotation crossfade.dev/inject: \"maybe\" is not usable; \"true\" or \"false\" is\n");
    assertThat(counted("impossible")).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "x|it is no JSON",
        "{|it is no JSON",
        "{'a': 1}|it is no JSON",
        "[]|it is no JSON object",
        "{}|it is no AdmissionReview of admission.k8s.io/v1",
        "{\"apiVersion\": \"admission.k8s.io/v1beta1\", \"kind\": \"AdmissionReview\"}|it is no"
            + " Adm",
        "{\"apiVersion\": \"admission.k8s.io/v1\", \"kind\": \"AdmissionReview\"}|it has no"
            + " request",
        "{\"apiVersion\": \"admission.k8s.io/v1\", \"kind\": \"AdmissionReview\", \"request\":"
            + " {}}|its request has no uid"
      })
  void whatIsNoReviewIsAnsweredInOneSentence(String body, String told) throws Exception {
    HttpResponse<String> answer = post(body);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).startsWith(told).endsWith("\n").hasLineCount(1);
    assertThat(counted("malformed")).isEqualTo(1);
  }

  @Test
  void aReviewNestedWithoutEndIsNoReasonToDie() throws Exception {
    assertThat(post("[".repeat(1 << 20)).statusCode()).isEqualTo(400);
    assertThat(post(Pods.review(Pods.asking())).statusCode()).isEqualTo(200);
  }

  @Test
  void onlyReviewsAreTaken() throws Exception {
    HttpRequest.BodyPublisher review =
        HttpRequest.BodyPublishers.ofString(Pods.review(Pods.asking()));
    assertThat(status(request().GET())).isEqualTo(405);
    assertThat(status(request().setHeader("Content-Type", "text/plain").POST(review)))
        .isEqualTo(415);
    assertThat(
            status(
                request().uri(URI.create("https://localhost:" + server.port() + "/")).POST(review)))
        .isEqualTo(404);
    assertThat(
            status(
                request()
                    .version(HttpClient.Version.HTTP_1_1)
                    .POST(HttpRequest.BodyPublishers.fromPublisher(review))))
        .isEqualTo(411);
    assertThat(counted("refused")).isEqualTo(4);
  }

  private int status(HttpRequest.Builder request) throws IOException, InterruptedException {
    return client.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  @Test
  void aReviewMayBeAsLargeAsTheApiServersLimitAndNoLarger() throws Exception {
    JsonObject pod = Pods.asking();
    int room = InjectServer.BODY_MAX_BYTES - Pods.review(pod).length();
    pod.addProperty("note", "x".repeat(room - ",\"note\":\"\"".length()));
    String review = Pods.review(pod);
    assertThat(review).hasSize(InjectServer.BODY_MAX_BYTES);
    assertThat(post(review).statusCode()).isEqualTo(200);
    assertThat(announced(review.length() + 1)).startsWith("HTTP/1.1 413");
  }

  @Test
  void bodiesThatAreOnTheirWayHaveALimitTogether() throws Exception {
    int many = InjectServer.BODIES_MAX_BYTES / InjectServer.BODY_MAX_BYTES;
    SSLSocket[] waiting = new SSLSocket[many];
    try {
      for (int i = 0; i < many; i++) {
        waiting[i] = connect();
        announce(waiting[i], InjectServer.BODY_MAX_BYTES);
      }
      Await.until(
          "one body too many is refused",
          SOON,
          () -> announcedQuietly().startsWith("HTTP/1.1 503"));
    } finally {
      for (SSLSocket socket : waiting) {
        if (socket != null) {
          socket.close();
        }
      }
    }
    Await.until("bodies that are gone count no more", SOON, () -> postedQuietly() == 200);
  }

  private String announcedQuietly() {
    try {
      return announced(InjectServer.BODY_MAX_BYTES);
    } catch (IOException e) {
      return "";
    }
  }

  private int postedQuietly() {
    try {
      JsonObject pod = Pods.asking();
      pod.addProperty("note", "x".repeat(2 << 20));
      return post(Pods.review(pod)).statusCode();
    } catch (IOException e) {
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  /** The first line of the answer to a request whose body does not come. */
  private String announced(int length) throws IOException {
    try (SSLSocket socket = connect()) {
      socket.setSoTimeout(5_000);
      announce(socket, length);
      byte[] line = new byte[12];
      InputStream in = socket.getInputStream();
      int read = in.readNBytes(line, 0, line.length);
      return new String(line, 0, read, StandardCharsets.US_ASCII);
    }
  }

  private SSLSocket connect() throws IOException {
    return (SSLSocket)
        authority
            .clientContext(Optional.empty())
            .getSocketFactory()
            .createSocket("127.0.0.1", server.port());
  }

  private static void announce(SSLSocket socket, int length) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(
        ("POST /inject HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Content-Length: "
                + length
                + "\r\n\r\n{")
            .getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  @Test
  void manyAtOnceAreAllAnswered() throws Exception {
    String review = Pods.review(Pods.asking());
    // The connection that the others share, as those of the API server do.
    assertThat(post(review).statusCode()).isEqualTo(200);
    assertThat(
            IntStream.range(0, 64)
                .mapToObj(
                    i ->
                        client.sendAsync(
                            request().POST(HttpRequest.BodyPublishers.ofString(review)).build(),
                            HttpResponse.BodyHandlers.ofString()))
                .toList())
        .allSatisfy(answer -> assertThat(answer.join().statusCode()).isEqualTo(200));
    assertThat(counted("added")).isEqualTo(65);
  }

  private double counted(String outcome) {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    server.bindTo(registry);
    return registry
        .get("crossfade.inject.requests")
        .tag("outcome", outcome)
        .functionCounter()
        .count();
  }
}
