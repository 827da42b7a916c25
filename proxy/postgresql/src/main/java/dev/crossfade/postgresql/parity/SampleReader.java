package dev.crossfade.postgresql.parity;

import dev.crossfade.core.migration.MigrationFlags;
import dev.crossfade.core.migration.Side;
import dev.crossfade.core.migration.Stage;
import dev.crossfade.core.mirror.Watermark;
import dev.crossfade.postgresql.parity.Judgement.Unclear;
import dev.crossfade.postgresql.plan.Lenses;
import dev.crossfade.postgresql.plan.Routing;
import dev.crossfade.sql.parse.Fingerprint;
import dev.crossfade.sql.parse.Lexer;
import dev.crossfade.sql.parse.Tokens;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which samples can be compared, as things are now. */
final class SampleReader {
  private static final int MOST_FINGERPRINT = 4_096;

  private final Routing routing;
  private final ParityMeters meters;

  SampleReader(Routing routing, ParityMeters meters) {
    this.routing = routing;
    this.meters = meters;
  }

  /** Null where it is no single write of mapped tables that could be compared. */
  Pending.@Nullable Statement read(byte[] sql) {
    Lenses lenses = routing.lenses();
    Tokens tokens = new Lexer().lex(sql, sql.length);
    if (lenses == null
        || !tokens.wellFormed()
        || tokens.statementCount() != 1
        || !isWrite(tokens)
        || !Calls.areHarmless(tokens)
        || !tokens.names(lenses.names())) {
      return null;
    }
    Map<String, Boolean> named = new HashMap<>();
    lenses.namesByMigration().forEach((name, tables) -> named.put(name, tokens.names(tables)));
    List<String> migrations =
        named.keySet().stream().filter(name -> Boolean.TRUE.equals(named.get(name))).toList();
    if (migrations.isEmpty() || !isCompared(migrations)) {
      return null;
    }
    Fingerprint fingerprint = Fingerprint.of(sql, tokens);
    if (fingerprint.length() > MOST_FINGERPRINT) {
      meters.inconclusive(migrations.getFirst(), Unclear.FORM);
      return null;
    }
    return new Pending.Statement(fingerprint, WriteForm.of(tokens), migrations);
  }

  private static boolean isWrite(Tokens tokens) {
    int first = tokens.statementStart(0);
    return tokens.isWord(first, "INSERT")
        || tokens.isWord(first, "UPDATE")
        || tokens.isWord(first, "DELETE")
        || tokens.isWord(first, "MERGE")
        || tokens.isWord(first, "WITH") && tokens.mayWrite();
  }

  /** Whether old has the authority of all of them, and its changes are carried to new. */
  boolean isCompared(List<String> migrations) {
    for (String migration : migrations) {
      MigrationFlags flags = routing.flags().of(migration);
      Watermark watermark = routing.watermarks().get(migration);
      if (flags == null
          || watermark == null
          || !watermark.isKnown()
          || routing.authority(migration) != Side.OLD
          || !isCompared(flags.stage())) {
        return false;
      }
    }
    return true;
  }

  private static boolean isCompared(Stage stage) {
    return switch (stage) {
      case DUAL_WRITE, SHADOW, RAMP -> true;
      case OFF, LIVE, RAMPDOWN, COMPLETE -> false;
    };
  }

  /** In DUAL_WRITE rows are still copied. */
  boolean isComplete(List<String> migrations) {
    return migrations.stream()
        .map(routing.flags()::of)
        .allMatch(flags -> flags != null && flags.stage() != Stage.DUAL_WRITE);
  }
}
