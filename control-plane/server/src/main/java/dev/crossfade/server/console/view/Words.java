package dev.crossfade.server.console.view;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import dev.crossfade.api.v1.ChangeKind;
import dev.crossfade.api.v1.CircuitState;
import dev.crossfade.api.v1.Consistency;
import dev.crossfade.api.v1.JobKind;
import dev.crossfade.api.v1.MoveStep;
import dev.crossfade.api.v1.Position;
import dev.crossfade.api.v1.ReadFreshness;
import dev.crossfade.api.v1.Role;
import dev.crossfade.api.v1.Stage;
import dev.crossfade.api.v1.Stickiness;
import dev.crossfade.api.v1.WriteAck;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Values of the services in words for people. Times are in UTC: a team may be in many places. */
public final class Words {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final int MINUTE = 60;
  private static final int HOUR = 3_600;
  private static final int MICROS_OF_10_MS = 10_000;

  private Words() {}

  public static String stage(Stage stage) {
    return stage.name().replaceFirst("^STAGE_", "");
  }

  public static String stickiness(Stickiness stickiness) {
    return lower(stickiness.name(), "STICKINESS_");
  }

  public static String kind(ChangeKind kind) {
    return lower(kind.name(), "CHANGE_KIND_");
  }

  public static String kind(JobKind kind) {
    return lower(kind.name(), "JOB_KIND_");
  }

  public static String role(Role role) {
    return lower(role.name(), "ROLE_");
  }

  /** Such as {@code read-your-writes}. */
  public static String freshness(ReadFreshness freshness) {
    return lower(freshness.name(), "READ_FRESHNESS_").replace(' ', '-');
  }

  public static String ack(WriteAck ack) {
    return lower(ack.name(), "WRITE_ACK_");
  }

  public static String circuit(CircuitState circuit) {
    return circuit == CircuitState.CIRCUIT_STATE_UNSPECIFIED
        ? "–"
        : lower(circuit.name(), "CIRCUIT_STATE_");
  }

  /** The rest of the name of an enum's value, with spaces. */
  public static String lower(String name, String prefix) {
    return name.replaceFirst("^" + prefix, "").toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** Such as {@code reads bounded: 500 ms, writes acknowledged async}. */
  public static String consistency(Consistency consistency) {
    String freshness =
        switch (consistency.getFreshness()) {
          case READ_FRESHNESS_READ_YOUR_WRITES, READ_FRESHNESS_EVENTUAL ->
              freshness(consistency.getFreshness());
          case READ_FRESHNESS_BOUNDED -> "bounded: " + millis(consistency.getBound()) + " ms";
          case READ_FRESHNESS_UNSPECIFIED, UNRECOGNIZED -> "–";
        };
    return "reads " + freshness + ", writes acknowledged " + ack(consistency.getAck());
  }

  /** What a move does after that step. */
  public static String step(MoveStep step) {
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
      case MOVE_STEP_UNSPECIFIED, UNRECOGNIZED -> "–";
    };
  }

  /** Such as {@code 0.5%}. */
  public static String percent(int buckets) {
    return percentNumber(buckets) + "%";
  }

  /** Such as {@code 0.5}. */
  public static String percentNumber(int buckets) {
    return BigDecimal.valueOf(buckets, 3).stripTrailingZeros().toPlainString();
  }

  public static String position(Position position) {
    return stage(position.getStage()) + " " + percent(position.getReadBuckets());
  }

  public static String time(Timestamp timestamp) {
    return TIME.format(instant(timestamp));
  }

  public static Instant instant(Timestamp timestamp) {
    return Instant.ofEpochSecond(timestamp.getSeconds(), timestamp.getNanos());
  }

  public static long millis(Duration duration) {
    return duration.getSeconds() * 1_000 + duration.getNanos() / 1_000_000;
  }

  /** Such as {@code 4 min 3 s}. */
  public static String span(Duration duration) {
    long seconds = duration.getSeconds();
    if (seconds < MINUTE) {
      return seconds + " s";
    }
    return seconds < HOUR
        ? both(seconds / MINUTE, "min", seconds % MINUTE, "s")
        : both(seconds / HOUR, "h", seconds % HOUR / MINUTE, "min");
  }

  private static String both(long large, String unit, long rest, String smaller) {
    return large + " " + unit + (rest == 0 ? "" : " " + rest + " " + smaller);
  }

  /** Such as {@code 2,168,120}. */
  public static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** Such as {@code 1 row} or {@code 2,168 rows}. */
  public static String count(long number, String thing, String things) {
    return count(number) + " " + (number == 1 ? thing : things);
  }

  /** In a second, such as {@code 0.3} or {@code 1,204}. */
  public static String rate(double perSecond) {
    return String.format(Locale.ROOT, perSecond < 10 ? "%.1f" : "%,.0f", perSecond);
  }

  /** Such as {@code 1.24 ms}. */
  public static String latency(long micros) {
    return String.format(
        Locale.ROOT, micros < MICROS_OF_10_MS ? "%.2f ms" : "%,.0f ms", micros / 1e3);
  }
}
