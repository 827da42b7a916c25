package dev.crossfade.testkit.net;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.testkit.process.Await;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class PassageTest {
  private final List<String> writes = new CopyOnWriteArrayList<>();
  private final Gate gate = new Gate();
  private final AtomicBoolean ended = new AtomicBoolean();
  private final Passage passage =
      new Passage(
          new OutputStream() {
            @Override
            public void write(int b) {
              throw new AssertionError("bytes are written in arrays");
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
              writes.add(new String(bytes, offset, length, US_ASCII));
            }
          },
          gate,
          ended::get);

  @Test
  void passesAsTheBytesCome() throws IOException {
    assertThat(pass("abc")).isTrue();
    assertThat(writes).containsExactly("abc");
  }

  @Test
  void cutsIntoPieces() throws IOException {
    gate.set(new Flow.Pieces(2));
    assertThat(pass("abcde")).isTrue();
    assertThat(writes).containsExactly("ab", "cd", "e");
  }

  @Test
  void truncatesAfterTheBytesSinceTheFaultBegan() throws IOException {
    assertThat(pass("before")).isTrue();
    gate.set(new Flow.Truncate(3));
    assertThat(pass("ab")).isTrue();
    assertThat(pass("cde")).isFalse();
    assertThat(writes).containsExactly("before", "ab", "c");
  }

  @Test
  void truncatesAtTheVeryEndOfAPiece() throws IOException {
    gate.set(new Flow.Truncate(3));
    assertThat(pass("abc")).isFalse();
    assertThat(writes).containsExactly("abc");
  }

  @Test
  void truncatesBeforeTheFirstByte() throws IOException {
    gate.set(new Flow.Truncate(0));
    assertThat(pass("abc")).isFalse();
    assertThat(writes).isEmpty();
  }

  @Test
  void delaysUntilTheTimeHasPassed() throws IOException {
    gate.set(new Flow.Delay(Duration.ofMillis(50)));
    long start = System.nanoTime();
    assertThat(pass("abc")).isTrue();
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isGreaterThanOrEqualTo(Duration.ofMillis(50));
    assertThat(writes).containsExactly("abc");
  }

  @Test
  void aHealedDelayIsNotWaitedFor() {
    gate.set(new Flow.Delay(Duration.ofHours(1)));
    CompletableFuture<Boolean> passing = passInBackground("abc");
    assertThat(passing).isNotDone();
    gate.set(new Flow.Pass());
    Await.until("the bytes", passing::join);
  }

  @Test
  void holdsUntilTheFlowChanges() {
    gate.set(new Flow.Hold());
    CompletableFuture<Boolean> passing = passInBackground("abc");
    gate.set(new Flow.Hold());
    assertThat(passing).isNotDone();
    assertThat(writes).isEmpty();
    gate.set(new Flow.Pieces(1));
    Await.until("the bytes", passing::join);
    assertThat(writes).containsExactly("a", "b", "c");
  }

  @Test
  void holdsAfterTheBytesSinceTheFaultBegan() throws IOException {
    assertThat(pass("before")).isTrue();
    gate.set(new Flow.HoldAfter(3));
    CompletableFuture<Boolean> passing = passInBackground("abcde");
    assertThat(writes).containsExactly("before", "abc");
    gate.set(new Flow.Pass());
    Await.until("the bytes", passing::join);
    assertThat(writes).containsExactly("before", "abc", "de");
  }

  @Test
  void stopsHoldingWhenTheConnectionEnds() {
    gate.set(new Flow.HoldAfter(1));
    CompletableFuture<Boolean> passing = passInBackground("abc");
    ended.set(true);
    gate.wake();
    Await.until("the end", () -> !passing.join());
    assertThat(writes).containsExactly("a");
  }

  @Test
  void stopsWaitingWhenTheConnectionEnds() {
    gate.set(new Flow.Hold());
    CompletableFuture<Boolean> passing = passInBackground("abc");
    ended.set(true);
    gate.wake();
    Await.until("the end", () -> !passing.join());
    assertThat(writes).isEmpty();
  }

  private boolean pass(String text) throws IOException {
    return passage.pass(text.getBytes(US_ASCII), text.length());
  }

  private CompletableFuture<Boolean> passInBackground(String text) {
    CompletableFuture<Boolean> passed = new CompletableFuture<>();
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  try {
                    passed.complete(pass(text));
                  } catch (IOException e) {
                    passed.completeExceptionally(e);
                  }
                });
    Await.until("the thread to wait", () -> thread.getState() == Thread.State.TIMED_WAITING);
    return passed;
  }
}
