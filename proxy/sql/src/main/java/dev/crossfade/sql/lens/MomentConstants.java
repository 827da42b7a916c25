package dev.crossfade.sql.lens;

import dev.crossfade.sql.lens.StatementAnalysis.MomentProbe;
import dev.crossfade.sql.lens.Translation.Splice;
import dev.crossfade.sql.parse.Moments;
import dev.crossfade.sql.parse.Tokens;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Constants such as {@code 'now'} in a statement, whatever type they turn out to have. */
final class MomentConstants {
  private static final int MOST_PARAMETERS = 1_000;

  /** Whatever can make a date or time out of text. */
  private static final Set<String> MAKE_MOMENTS =
      Set.of(
          "date",
          "time",
          "timetz",
          "timestamp",
          "timestamptz",
          "daterange",
          "tsrange",
          "tstzrange",
          "datemultirange",
          "tsmultirange",
          "tstzmultirange");

  private final Tokens tokens;
  private final List<Integer> found = new ArrayList<>();

  MomentConstants(Tokens tokens) {
    this.tokens = tokens;
    for (int token = 0; token < tokens.count(); token++) {
      if (Moments.mayMean(tokens, token)) {
        found.add(token);
      }
    }
  }

  /** The token of the first one; -1 when there is none. */
  int first() {
    return found.isEmpty() ? -1 : found.getFirst();
  }

  /** The token of one that is or may become a moment, as far as words tell; -1 when none does. */
  int surelyAt() {
    for (int token : found) {
      boolean plain = "'eE$".indexOf(tokens.text(token).charAt(0)) >= 0;
      if (!plain || namesMoments()) {
        return token;
      }
    }
    return -1;
  }

  private boolean namesMoments() {
    for (int token = 0; token < tokens.count(); token++) {
      boolean word =
          tokens.kind(token) == Tokens.IDENTIFIER || tokens.kind(token) == Tokens.QUOTED_IDENTIFIER;
      if (word) {
        String name = tokens.identifier(token);
        if (MAKE_MOMENTS.contains(name.startsWith("_") ? name.substring(1) : name)) {
          return true;
        }
      }
    }
    return highestParameter() > MOST_PARAMETERS;
  }

  /** How to ask what they are; null when there are none. */
  @Nullable MomentProbe probe() {
    if (found.isEmpty()) {
      return null;
    }
    int first = highestParameter() + 1;
    List<Splice> splices = new ArrayList<>();
    for (int token : found) {
      byte[] parameter = (" $" + (first + splices.size()) + ' ').getBytes(StandardCharsets.UTF_8);
      splices.add(new Splice(token, token + 1, parameter));
    }
    int offset = tokens.start(found.getFirst());
    return new MomentProbe(new Translation(tokens.count(), splices), first, found.size(), offset);
  }

  private int highestParameter() {
    int highest = 0;
    for (int token = 0; token < tokens.count(); token++) {
      if (tokens.kind(token) == Tokens.PARAMETER) {
        String digits = tokens.text(token).substring(1);
        int number = digits.length() > 5 ? MOST_PARAMETERS + 1 : Integer.parseInt(digits);
        highest = Math.max(highest, number);
      }
    }
    return highest;
  }
}
