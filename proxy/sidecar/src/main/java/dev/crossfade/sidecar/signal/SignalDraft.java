package dev.crossfade.sidecar.signal;

import dev.crossfade.api.v1.MigrationSignals;
import dev.crossfade.api.v1.Mismatch;
import dev.crossfade.api.v1.QuerySignals;
import dev.crossfade.api.v1.Report;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The signals of one report while they come together: each part adds to the same migrations and
 * statements. What finds no place is cut off where it matters least: single statements first, those
 * that were executed least, and these are counted.
 */
public final class SignalDraft {
  static final int MIGRATIONS_MAX = 200;
  static final int QUERIES_MAX = 50;
  static final int MISMATCHES_MAX = 20;
  static final int TEXT_MAX = 2_048;
  private static final int UNLISTED_BYTES = 11;

  private final Map<String, Draft> migrations = new TreeMap<>();
  private final List<Mismatch> mismatches = new ArrayList<>();

  private static final class Draft {
    private final MigrationSignals.Builder signals;
    private final Map<String, QuerySignals.Builder> queries = new HashMap<>();
    private long unlisted;

    private Draft(String migration) {
      signals = MigrationSignals.newBuilder().setMigration(migration);
    }
  }

  /**
   * @param reported the migrations that are reported; what others count is dropped
   */
  public SignalDraft(Collection<String> reported) {
    reported.stream().limit(MIGRATIONS_MAX).forEach(name -> migrations.put(name, new Draft(name)));
  }

  /** What is reported of a migration; null where it is not. */
  public MigrationSignals.@Nullable Builder migration(String name) {
    Draft draft = migrations.get(name);
    return draft == null ? null : draft.signals;
  }

  /**
   * What is reported of a statement.
   *
   * @param id the first 16 hexadecimal digits of the SHA-256 of its normalised text
   * @return null where its migration is not reported
   */
  public QuerySignals.@Nullable Builder query(String migration, String id, String text) {
    Draft draft = migrations.get(migration);
    return draft == null
        ? null
        : draft.queries.computeIfAbsent(
            id, key -> QuerySignals.newBuilder().setQuery(key).setText(cut(text)));
  }

  /** Executions of statements that are not told apart. */
  public void unlisted(String migration, long count) {
    Draft draft = migrations.get(migration);
    if (draft != null) {
      draft.unlisted += count;
    }
  }

  /** A confirmed difference. */
  public void mismatch(Mismatch mismatch) {
    if (mismatches.size() < MISMATCHES_MAX && migrations.containsKey(mismatch.getMigration())) {
      mismatches.add(mismatch);
    }
  }

  static String cut(String text) {
    if (text.length() <= TEXT_MAX) {
      return text;
    }
    // Half of a pair would be no text.
    int end = Character.isHighSurrogate(text.charAt(TEXT_MAX - 1)) ? TEXT_MAX - 1 : TEXT_MAX;
    return text.substring(0, end);
  }

  /**
   * Puts it all into a report.
   *
   * @param bytesMax the report has no more than that
   */
  public void into(Report.Builder report, int bytesMax) {
    int bytes = report.build().getSerializedSize();
    for (Draft draft : migrations.values()) {
      bytes += framed(draft.signals.build().getSerializedSize() + UNLISTED_BYTES);
    }
    for (Mismatch mismatch : mismatches) {
      int more = framed(mismatch.getSerializedSize());
      if (bytes + more <= bytesMax) {
        bytes += more;
        report.addMismatches(mismatch);
      }
    }
    addQueries(bytesMax - bytes);
    int left = bytesMax - report.build().getSerializedSize();
    for (Draft draft : migrations.values()) {
      MigrationSignals signals = draft.signals.setUnlisted(draft.unlisted).build();
      left -= framed(signals.getSerializedSize());
      if (left >= 0) {
        report.addSignals(signals);
      }
    }
  }

  /** Tags and lengths around a message. */
  private static int framed(int bytes) {
    return bytes + 8;
  }

  private record Candidate(Draft draft, QuerySignals signals) {
    long executions() {
      return signals.getOnOld().getAnswers() + signals.getOnNew().getAnswers();
    }
  }

  private void addQueries(int bytesMax) {
    List<Candidate> candidates = new ArrayList<>();
    for (Draft draft : migrations.values()) {
      draft.queries.values().forEach(query -> candidates.add(new Candidate(draft, query.build())));
    }
    candidates.sort(Comparator.comparingLong(Candidate::executions).reversed());
    int left = bytesMax;
    for (Candidate candidate : candidates) {
      int bytes = framed(candidate.signals().getSerializedSize());
      if (bytes <= left && candidate.draft().signals.getQueriesCount() < QUERIES_MAX) {
        left -= bytes;
        candidate.draft().signals.addQueries(candidate.signals());
      } else {
        candidate.draft().unlisted += candidate.executions();
      }
    }
  }
}
