package dev.crossfade.testkit.unleash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.crossfade.testkit.process.Await;
import dev.crossfade.testkit.process.ChildJvm;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Needs Node and npm; skipped where there are none. */
final class UnleashServerIT {
  private static final Duration BOUND = Duration.ofSeconds(20);
  private static final Duration INSTALLATION = Duration.ofMinutes(8);

  @BeforeAll
  static void isPossible() {
    assumeTrue(
        UnleashServer.obstacle().isEmpty(), () -> UnleashServer.obstacle().orElse("no reason"));
  }

  @Test
  void clientsAreToldWhatTheAdminHasChangedAlsoAfterARestart() throws Exception {
    try (UnleashServer unleash = UnleashServer.start();
        HttpClient http = HttpClient.newHttpClient()) {
      UnleashAdmin admin = unleash.admin();
      admin.create("reads");
      admin.rollout("reads", "25", "userId", "orders");
      admin.on("reads");
      Await.until(
          "the first rollout", BOUND, () -> features(http, unleash).contains("\"rollout\":\"25\""));
      admin.rollout("reads", "50", "userId", "orders");
      Await.until(
          "the second rollout",
          BOUND,
          () -> features(http, unleash).contains("\"rollout\":\"50\""));
      assertThat(features(http, unleash))
          .contains("\"groupId\":\"orders\"")
          .doesNotContain("\"rollout\":\"25\"");
      unleash.stop();
      unleash.startAgain();
      assertThat(features(http, unleash)).contains("\"rollout\":\"50\"");
      admin.off("reads");
      Await.until(
          "the flag to be off", BOUND, () -> features(http, unleash).contains("\"enabled\":false"));
      assertThat(page(http, unleash).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aServerDiesWithTheJvmThatStartedItEvenIfThatIsKilled() {
    try (ChildJvm child =
        ChildJvm.of(Starter.class).readyWhenPrints("pid ").readyWithin(INSTALLATION).start()) {
      long pid = Long.parseLong(child.readyLine().replaceFirst("^pid ", ""));
      assertThat(Await.running(pid)).isTrue();
      child.kill();
      Await.until("the server to be gone", BOUND, () -> !Await.running(pid));
    }
  }

  private static String features(HttpClient http, UnleashServer unleash)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(unleash.address().resolve("/api/client/features"))
            .timeout(BOUND)
            .header("Authorization", UnleashServer.CLIENT_TOKEN)
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  private static HttpResponse<String> page(HttpClient http, UnleashServer unleash)
      throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(unleash.address()).timeout(BOUND).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** Starts a server and waits to be killed. */
  static final class Starter {
    private Starter() {}

    public static void main(String[] arguments) throws InterruptedException {
      try (UnleashServer unleash = UnleashServer.start()) {
        System.out.println("pid " + unleash.pid());
        new CountDownLatch(1).await();
      }
    }
  }
}
