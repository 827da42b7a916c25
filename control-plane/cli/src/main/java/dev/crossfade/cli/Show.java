package dev.crossfade.cli;

import com.google.protobuf.Timestamp;
import dev.crossfade.api.v1.CatalogCheck;
import dev.crossfade.api.v1.CatalogEvidence;
import dev.crossfade.api.v1.ChangeKind;
import dev.crossfade.api.v1.CircuitState;
import dev.crossfade.api.v1.Consistency;
import dev.crossfade.api.v1.LensEvidence;
import dev.crossfade.api.v1.MoveStep;
import dev.crossfade.api.v1.Notice;
import dev.crossfade.api.v1.Position;
import dev.crossfade.api.v1.Role;
import dev.crossfade.api.v1.RollbackLoss;
import dev.crossfade.api.v1.Sidecar;
import dev.crossfade.api.v1.Stage;
import dev.crossfade.api.v1.Stickiness;
import dev.crossfade.api.v1.Verification;
import dev.crossfade.core.migration.ReadFreshness;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/** How values are written for people and read from them. */
final class Show {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);
  private static final int WHOLE = 100_000;

  private Show() {}

  static String stage(Stage stage) {
    return stage.name().replaceFirst("^STAGE_", "");
  }

  static String stickiness(Stickiness stickiness) {
    return stickiness.name().replaceFirst("^STICKINESS_", "").toLowerCase(Locale.ROOT);
  }

  /** Such as {@code reads bounded:500ms, writes acknowledged async}. */
  static String consistency(Consistency consistency) {
    String freshness =
        switch (consistency.getFreshness()) {
          case READ_FRESHNESS_READ_YOUR_WRITES -> "read-your-writes";
          case READ_FRESHNESS_EVENTUAL -> "eventual";
          case READ_FRESHNESS_BOUNDED ->
              ReadFreshness.bounded(
                      Duration.ofSeconds(
                          consistency.getBound().getSeconds(), consistency.getBound().getNanos()))
                  .toString();
          case READ_FRESHNESS_UNSPECIFIED, UNRECOGNIZED -> "-";
        };
    return "reads "
        + freshness
        + ", writes acknowledged "
        + consistency.getAck().name().replaceFirst("^WRITE_ACK_", "").toLowerCase(Locale.ROOT);
  }

  static String kind(ChangeKind kind) {
    return kind.name().replaceFirst("^CHANGE_KIND_", "").toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** What a move does after that step. */
  static String step(MoveStep step) {
    return switch (step) {
      case MOVE_STEP_BEGUN -> "is checked";
      case MOVE_STEP_CHECKED -> "waits for the mirror to come close";
      case MOVE_STEP_CALM -> "waits for writers";
      case MOVE_STEP_CLOSED -> "carries the last changes";
      case MOVE_STEP_DRAINED -> "moves sequences on";
      case MOVE_STEP_READY -> "is decided";
      case MOVE_STEP_LEFT -> "has left, and not arrived";
      case MOVE_STEP_ARRIVED -> "has arrived";
      case MOVE_STEP_ARCHIVED -> "removes capture";
      case MOVE_STEP_REMOVED -> "has removed capture";
      case MOVE_STEP_UNSPECIFIED, UNRECOGNIZED -> "-";
    };
  }

  static String circuit(CircuitState circuit) {
    return circuit == CircuitState.CIRCUIT_STATE_UNSPECIFIED
        ? "-"
        : circuit.name().replaceFirst("^CIRCUIT_STATE_", "").toLowerCase(Locale.ROOT);
  }

  static String role(Role role) {
    return role.name().replaceFirst("^ROLE_", "").toLowerCase(Locale.ROOT);
  }

  static String notice(Sidecar sidecar, Notice notice) {
    return sidecar.getService()
        + "/"
        + sidecar.getInstance()
        + " "
        + notice.getCode()
        + (notice.getMigration().isEmpty() ? "" : " " + notice.getMigration())
        + ": "
        + notice.getMessage();
  }

  static String percent(int buckets) {
    return BigDecimal.valueOf(buckets, 3).stripTrailingZeros().toPlainString() + "%";
  }

  static String position(Position position) {
    return stage(position.getStage()) + " " + percent(position.getReadBuckets());
  }

  static String time(Timestamp timestamp) {
    return Instant.ofEpochSecond(timestamp.getSeconds(), timestamp.getNanos())
        .atZone(ZoneId.systemDefault())
        .format(TIME);
  }

  /** One line. */
  static String check(CatalogCheck check) {
    CatalogEvidence evidence = check.getEvidence();
    int warnings = evidence.getWarnings();
    return "compared "
        + time(check.getAt())
        + " by "
        + check.getActor()
        + ", "
        + evidence.getOldDatabase()
        + " with "
        + evidence.getNewDatabase()
        + ": nothing blocks, "
        + warnings
        + (warnings == 1 ? " warning" : " warnings");
  }

  /** One line, such as {@code as of 2026-11-22 12:03:04: 0 drift, 2,168,120 rows}. */
  static String verification(Verification verification) {
    StringBuilder text = new StringBuilder("as of " + time(verification.getAsOf()) + ": ");
    text.append(
        String.format(
            Locale.ROOT, "%,d drift, %,d rows", verification.getDrifted(), verification.getRows()));
    if (verification.getRestless() > 0) {
      text.append(String.format(Locale.ROOT, ", %,d never at rest", verification.getRestless()));
    }
    if (verification.getFromNew()) {
      text.append(", from new to old");
    }
    if (!verification.getAfterBackfill()) {
      text.append(", before a backfill was done");
    }
    return text.toString();
  }

  /**
   * One line, such as {@code checked as of 2026-11-22 12:03:04: nothing is lost, 1,204,511 rows}.
   */
  static String lens(LensEvidence evidence) {
    return "checked as of "
        + time(evidence.getAsOf())
        + ": "
        + (evidence.getLost() == 0
            ? "nothing is lost"
            : String.format(Locale.ROOT, "%,d rows and values are lost", evidence.getLost()))
        + String.format(Locale.ROOT, ", %,d rows", evidence.getRows())
        + (evidence.getOfThisFile() ? "" : ", with another file");
  }

  /** One line, such as {@code nothing, as of 2026-11-22 12:03:04, 2,168,120 rows}. */
  static String rollbackLoss(RollbackLoss loss) {
    String what =
        loss.getLost() == 0
            ? "nothing"
            : String.format(
                Locale.ROOT,
                "%,d %s of new",
                loss.getLost(),
                loss.getLost() == 1 ? "entity" : "entities");
    String undecided =
        loss.getUndecided() == 0
            ? ""
            : String.format(Locale.ROOT, ", %,d on their way to old", loss.getUndecided());
    return what
        + ", as of "
        + time(loss.getAsOf())
        + String.format(Locale.ROOT, ", %,d rows", loss.getRows())
        + undecided;
  }

  /** Any case, {@code -} for {@code _}. */
  static Optional<Stage> parseStage(String text) {
    String name = "STAGE_" + text.trim().toUpperCase(Locale.ROOT).replace('-', '_');
    for (Stage stage : Stage.values()) {
      if (stage != Stage.STAGE_UNSPECIFIED && stage.name().equals(name)) {
        return Optional.of(stage);
      }
    }
    return Optional.empty();
  }

  static Stage requireStage(String text) throws UsageException {
    return parseStage(text)
        .orElseThrow(
            () ->
                new UsageException(
                    "'"
                        + text
                        + "' is no stage: write OFF, DUAL_WRITE, SHADOW, RAMP, LIVE, RAMPDOWN or"
                        + " COMPLETE"));
  }

  /** Reads {@code 25%}, {@code 25} or {@code 0.5} into buckets of 100,000. */
  static int parsePercent(String text) throws UsageException {
    String number = text.trim().replaceFirst("\\s*%$", "");
    if (number.matches("[0-9]{1,3}(\\.[0-9]{1,3})?")) {
      int buckets = new BigDecimal(number).movePointRight(3).intValueExact();
      if (buckets <= WHOLE) {
        return buckets;
      }
    }
    throw new UsageException(
        "'"
            + text
            + "' is no percentage: write a number from 0 to 100 with at most three decimals, such"
            + " as 25%");
  }
}
