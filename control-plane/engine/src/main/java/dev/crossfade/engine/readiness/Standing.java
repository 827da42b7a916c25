package dev.crossfade.engine.readiness;

import dev.crossfade.core.migration.Stage;
import java.util.EnumSet;
import java.util.Set;

/**
 * How a statement on mapped tables stands.
 *
 * @param code why it is refused, such as {@code LOCKING_READ}; empty otherwise
 */
public record Standing(Kind kind, Translation translation, String code) {
  /** What a statement does to the mapped tables that it names. */
  public enum Kind {
    READ,
    WRITE,
    OTHER
  }

  /** Whether there is a translation. */
  public enum Translation {
    PENDING,
    TRANSLATED,
    REFUSED
  }

  /** Reads that are the authority's in every stage: for what they do beside reading. */
  private static final Set<String> AUTHORITY_ONLY =
      Set.of("LOCKING_READ", "NOT_A_READ", "SELECT_INTO", "VOLATILE_FUNCTION");

  /** Wrong on old as well, or of no mapped table after all: nothing is lost when data moves. */
  private static final Set<String> OF_NO_CONCERN = Set.of("OLD_REFUSED", "NOT_MAPPED");

  /**
   * The stages for which this statement would have to be translated and is not. Before LIVE old is
   * the authority, so that only what new may answer counts; from LIVE on, everything does: writes
   * and locking reads are then carried out on new.
   */
  public Set<Stage> blocks() {
    if (translation == Translation.TRANSLATED || OF_NO_CONCERN.contains(code)) {
      return EnumSet.noneOf(Stage.class);
    }
    boolean readOnly = kind == Kind.READ && !AUTHORITY_ONLY.contains(code);
    return readOnly ? EnumSet.of(Stage.SHADOW, Stage.RAMP, Stage.LIVE) : EnumSet.of(Stage.LIVE);
  }
}
