package dev.crossfade.server.signal;

import com.google.protobuf.Timestamp;
import dev.crossfade.api.v1.DifferingValue;
import dev.crossfade.api.v1.MigrationSignals;
import dev.crossfade.api.v1.Mismatch;
import dev.crossfade.api.v1.QuerySignals;
import dev.crossfade.core.compare.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a sidecar may say at most; the rest is cut off. */
final class ReportLimits {
  static final int MISMATCHES_MAX = 20;
  private static final int QUERIES_MAX = 50;
  private static final int TEXT_MAX = 2_048;
  private static final int NAME_MAX = 256;
  private static final int COLUMNS_MAX = 20;
  private static final int KEYS_MAX = 10;
  private static final int PLAN_MAX = 8_192;
  private static final Pattern ID = Pattern.compile("[0-9a-f]{16}");
  private static final Pattern SQLSTATE = Pattern.compile("[0-9A-Z]{5}");

  private ReportLimits() {}

  /** Without statements that are none. */
  static MigrationSignals cut(MigrationSignals signals) {
    List<QuerySignals> queries =
        signals.getQueriesList().stream()
            .limit(QUERIES_MAX)
            .filter(query -> ID.matcher(query.getQuery()).matches())
            .map(query -> query.toBuilder().setText(plain(query.getText(), TEXT_MAX)).build())
            .toList();
    return signals.toBuilder().clearQueries().addAllQueries(queries).build();
  }

  /** Empty when it is none. */
  static Optional<Mismatch> cut(Mismatch mismatch, Instant now) {
    boolean differs =
        Verdicts.read(mismatch.getVerdict())
            .filter(verdict -> verdict.isMismatch() || verdict == Verdict.SLOW)
            .isPresent();
    if (!differs || !ID.matcher(mismatch.getQuery()).matches()) {
      return Optional.empty();
    }
    return Optional.of(
        Mismatch.newBuilder()
            .setMigration(mismatch.getMigration())
            .setQuery(mismatch.getQuery())
            .setText(plain(mismatch.getText(), TEXT_MAX))
            .setVerdict(mismatch.getVerdict())
            .setAt(notAfter(mismatch.getAt(), now))
            .addAllColumns(names(mismatch.getColumnsList(), COLUMNS_MAX))
            .addAllKeys(names(mismatch.getKeysList(), KEYS_MAX))
            .setOldRows(Math.max(0, mismatch.getOldRows()))
            .setNewRows(Math.max(0, mismatch.getNewRows()))
            .setSqlstate(
                SQLSTATE.matcher(mismatch.getSqlstate()).matches() ? mismatch.getSqlstate() : "")
            .addAllValues(
                mismatch.getValuesList().stream().limit(KEYS_MAX).map(ReportLimits::cut).toList())
            .setOldPlan(plain(mismatch.getOldPlan(), PLAN_MAX))
            .setNewPlan(plain(mismatch.getNewPlan(), PLAN_MAX))
            .build());
  }

  private static DifferingValue cut(DifferingValue value) {
    return DifferingValue.newBuilder()
        .setColumn(plain(value.getColumn(), NAME_MAX))
        .setOldValue(plain(value.getOldValue(), NAME_MAX))
        .setNewValue(plain(value.getNewValue(), NAME_MAX))
        .build();
  }

  private static List<String> names(List<String> names, int most) {
    return names.stream().limit(most).map(name -> plain(name, NAME_MAX)).toList();
  }

  private static String plain(String text, int most) {
    String plain = text.replace('\0', ' ');
    if (plain.length() <= most) {
      return plain;
    }
    return plain.substring(0, Character.isHighSurrogate(plain.charAt(most - 1)) ? most - 1 : most);
  }

  private static Timestamp notAfter(Timestamp at, Instant now) {
    boolean believable = at.getSeconds() > 0 && at.getSeconds() <= now.getEpochSecond();
    return believable
        ? Timestamp.newBuilder()
            .setSeconds(at.getSeconds())
            .setNanos(Math.clamp(at.getNanos(), 0, 999_999_999))
            .build()
        : Timestamp.newBuilder().setSeconds(now.getEpochSecond()).setNanos(now.getNano()).build();
  }
}
