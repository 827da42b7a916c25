package dev.crossfade.postgresql.plan;

import dev.crossfade.postgresql.wire.RowDescription;
import dev.crossfade.sql.lens.EntityPin;
import dev.crossfade.sql.lens.Translation;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * How every statement with one fingerprint is read from new. Validated by both servers before it
 * exists.
 */
public final class ReadPlan {
  /** A plan that fails this often on new, where old then answered, is given up for a while. */
  private static final int MAX_FAILURES = 5;

  /**
   * Of the reads with a plan that was given up, one in so many tries it again: what was missing on
   * new may be back.
   */
  private static final int RETRY_EVERY = 64;

  private final Set<String> migrations;
  private final Translation translation;
  private final @Nullable EntityPin pin;
  private final Description description;
  private final @Nullable CarriedTypes carried;
  private final AtomicInteger failures = new AtomicInteger();
  private final AtomicInteger passedOver = new AtomicInteger();

  /**
   * What old answers to Describe of the original statement.
   *
   * @param parameterTypes OIDs as old inferred them
   * @param parameterFrame old's whole ParameterDescription frame
   * @param rows old's RowDescription
   */
  public record Description(int[] parameterTypes, byte[] parameterFrame, RowDescription rows) {
    int bytes() {
      return 4 * parameterTypes.length + parameterFrame.length + rows.bytes();
    }
  }

  public ReadPlan(
      Set<String> migrations,
      Translation translation,
      @Nullable EntityPin pin,
      Description description) {
    this(migrations, translation, pin, description, null);
  }

  /**
   * @param carried null when all types are built in
   */
  public ReadPlan(
      Set<String> migrations,
      Translation translation,
      @Nullable EntityPin pin,
      Description description,
      @Nullable CarriedTypes carried) {
    this.migrations = Set.copyOf(migrations);
    this.translation = translation;
    this.pin = pin;
    this.description = description;
    this.carried = carried;
  }

  public Set<String> migrations() {
    return migrations;
  }

  public Translation translation() {
    return translation;
  }

  public @Nullable EntityPin pin() {
    return pin;
  }

  /**
   * @param entity the key that the statement at hand pins
   * @return null when it may read other entities, too
   */
  public @Nullable String onlyEntity(@Nullable String entity) {
    return pin != null && pin.alone() ? entity : null;
  }

  public Description description() {
    return description;
  }

  /** Null when all types are built in, so that values and types are the same on both sides. */
  public @Nullable CarriedTypes carried() {
    return carried;
  }

  /** OIDs of the parameters on the side that answers. */
  public int[] parameterTypesThere() {
    return carried == null ? description.parameterTypes() : carried.parameterTypes();
  }

  /** Built-in types that the parameters' values can be read as, where there are such. */
  public int[] parametersAsSeen() {
    return carried == null ? description.parameterTypes() : carried.seenParameters();
  }

  /** Whether the side that answers still describes the result as it did. */
  public boolean isDescribedBy(RowDescription sent) {
    return carried == null
        ? description.rows().sameTypes(sent)
        : sent.hasTypes(carried.columnTypes());
  }

  /** What it takes in memory, about. */
  int bytes() {
    return translation.bytes() + description.bytes() + (carried == null ? 0 : carried.bytes());
  }

  /** New refused a statement of this plan that old answered. */
  public void failedOnNew() {
    failures.incrementAndGet();
  }

  public void succeededOnNew() {
    if (failures.get() != 0) {
      failures.set(0);
    }
  }

  /** Whether it is given up, for all but the few reads that try it again. */
  public boolean isFailing() {
    return failures.get() >= MAX_FAILURES;
  }

  /** Asked once for every read. */
  public boolean isGivenUp() {
    return isFailing() && passedOver.incrementAndGet() % RETRY_EVERY != 0;
  }
}
