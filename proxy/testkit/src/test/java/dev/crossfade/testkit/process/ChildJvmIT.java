package dev.crossfade.testkit.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class ChildJvmIT {
  private static final Duration BOUND = Duration.ofSeconds(20);

  @Test
  void passesArgumentsAndEnvironmentAndReportsTheExitCode() {
    try (ChildJvm child =
        ChildJvm.of(Echo.class)
            .jvmArguments("-Xmx32m", "-Dgreeting=hello world")
            .arguments("exit", "7")
            .environment("CROSSFADE_ECHO", "42")
            .readyWhenPrints("ready")
            .start()) {
      assertThat(child.readyLine()).isEqualTo("ready hello world 42");
      assertThat(child.awaitExit(BOUND)).isEqualTo(7);
      assertThat(child.output()).startsWith("starting");
    }
  }

  @Test
  void terminateRunsShutdownHooksAndKillDoesNot() {
    try (ChildJvm child =
        ChildJvm.of(Echo.class).arguments("stay").readyWhenPrints("ready").start()) {
      child.terminate();
      assertThat(child.awaitExit(BOUND)).isEqualTo(128 + 15);
      Await.until("the hook's line", () -> child.output().contains("hook ran"));
    }
    try (ChildJvm child =
        ChildJvm.of(Echo.class).arguments("stay").readyWhenPrints("ready").start()) {
      child.kill();
      assertThat(child.awaitExit(BOUND)).isEqualTo(128 + 9);
      assertThat(child.output()).doesNotContain("hook ran");
    }
  }

  @Test
  void saysWhatAChildPrintedThatNeverGotReady() {
    ChildJvm.Builder ended =
        ChildJvm.of(Echo.class).arguments("exit", "0").readyWhenPrints("never printed");
    assertThatThrownBy(ended::start)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll("ended before it was ready", "starting");
    ChildJvm.Builder slow =
        ChildJvm.of(Echo.class)
            .arguments("stay")
            .readyWhenPrints("never printed")
            .readyWithin(Duration.ofSeconds(2));
    assertThatThrownBy(slow::start)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("not ready after PT2S");
  }

  @Test
  void keepsOnlyTheLastLines() {
    try (ChildJvm child =
        ChildJvm.of(Echo.class).arguments("flood", "5000").readyWhenPrints("ready").start()) {
      assertThat(child.awaitExit(BOUND)).isEqualTo(0);
      Await.until("the last line", () -> child.output().getLast().equals("line 4999"));
      assertThat(child.output()).hasSize(Output.LINES).first().isEqualTo("line 4500");
    }
  }

  @Test
  void diesWithItsParent() {
    try (ChildJvm parent = ChildJvm.of(Parent.class).readyWhenPrints("grandchild").start()) {
      long grandchild = Long.parseLong(parent.readyLine().split(" ", -1)[1]);
      assertThat(Await.running(grandchild)).isTrue();
      parent.kill();
      Await.until("the grandchild's end", () -> !Await.running(grandchild));
    }
  }

  /** Prints its surroundings and then does what its first argument says. */
  static final class Echo {
    public static void main(String[] arguments) throws InterruptedException {
      System.out.println("starting");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("hook ran")));
      System.out.println(
          "ready " + System.getProperty("greeting") + " " + System.getenv("CROSSFADE_ECHO"));
      switch (arguments[0]) {
        case "exit" -> Runtime.getRuntime().halt(Integer.parseInt(arguments[1]));
        case "flood" -> {
          for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
            System.out.println("line " + i);
          }
          System.out.flush();
          Runtime.getRuntime().halt(0);
        }
        default -> new CountDownLatch(1).await();
      }
    }
  }

  /** Starts a child of its own and waits for ever. */
  static final class Parent {
    public static void main(String[] arguments) throws InterruptedException, IOException {
      ChildJvm child = ChildJvm.of(Echo.class).arguments("stay").readyWhenPrints("ready").start();
      System.out.println("grandchild " + child.pid());
      new CountDownLatch(1).await();
    }
  }
}
