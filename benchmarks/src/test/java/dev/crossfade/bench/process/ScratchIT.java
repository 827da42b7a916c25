package dev.crossfade.bench.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.testkit.process.Await;
import dev.crossfade.testkit.process.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScratchIT {
  @Test
  void theDirectoryIsGoneWhenItIsClosed() throws IOException {
    Scratch scratch = Scratch.create("crossfade-scratch-test-");
    Path inner = Files.createDirectories(scratch.directory().resolve("deep/er"));
    Files.writeString(inner.resolve("file"), "text");
    assertThat(scratch.write("other", "text")).hasContent("text");
    scratch.close();
    assertThat(scratch.directory()).doesNotExist();
  }

  @Test
  void theDirectoryAndTheProgramAreGoneWhenTheirJvmIsKilled() {
    try (ChildJvm owner = ChildJvm.of(Owner.class).readyWhenPrints("owns ").start()) {
      String[] words = owner.readyLine().split(" ");
      Path directory = Path.of(words[1]);
      long program = Long.parseLong(words[2]);
      assertThat(directory).exists();
      assertThat(Await.running(program)).isTrue();
      owner.kill();
      Await.until("the directory to go", () -> !Files.exists(directory));
      Await.until("the program to end", () -> !Await.running(program));
    }
  }

  @Test
  void aProgramsProcessorTimeAndMemoryAreSeen(@TempDir Path folder) {
    List<String> busy = List.of("sh", "-c", "while :; do :; done");
    try (ChildProgram program = ChildProgram.start(folder.resolve("log"), busy)) {
      Await.until(
          "it to use its processor",
          () -> ProcessFigures.cpu(program.pid()).compareTo(Duration.ofMillis(50)) > 0);
      assertThat(ProcessFigures.residentKib(program.pid())).isPositive();
    }
  }

  /** Owns a directory and a program, until it is killed. */
  static final class Owner {
    public static void main(String[] arguments) throws InterruptedException {
      Scratch scratch = Scratch.create("crossfade-scratch-test-");
      ChildProgram program =
          ChildProgram.start(
              scratch.directory().resolve("log"), List.of("tail", "-f", "/dev/null"));
      System.out.println("owns " + scratch.directory() + " " + program.pid());
      new java.util.concurrent.CountDownLatch(1).await();
    }
  }
}
