package dev.crossfade.postgresql.catalog;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * The same question to both databases at once: it takes no longer than the slower one, and clients
 * may be waiting for a sidecar that starts.
 */
public final class BothSides {
  private BothSides() {}

  /**
   * What they said.
   *
   * @param <T> what an answer is
   */
  public record Answers<T>(T old, T target) {}

  /**
   * One that may block its caller.
   *
   * @param <T> what an answer is
   */
  public interface Question<T> {
    T of(MetadataConnection server) throws MetadataException;
  }

  /**
   * @throws MetadataException of old where both do not answer
   */
  public static <T> Answers<T> ask(
      MetadataConnection old, MetadataConnection target, Question<T> question)
      throws MetadataException {
    FutureTask<T> onNew = new FutureTask<>(() -> question.of(target));
    Thread.ofVirtual().name("crossfade-both").start(onNew);
    T onOld = question.of(old);
    try {
      return new Answers<>(onOld, onNew.get());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof MetadataException refused) {
        throw refused;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw MetadataException.unreachable("interrupted");
    }
  }
}
