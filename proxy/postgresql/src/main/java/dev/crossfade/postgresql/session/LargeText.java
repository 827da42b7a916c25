package dev.crossfade.postgresql.session;

import dev.crossfade.postgresql.plan.Lenses;
import dev.crossfade.sql.parse.MappedNames;
import io.netty.buffer.ByteBuf;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A statement's text that is too long to be looked at as a whole, word by word while it passes. A
 * word counts wherever it stands, in a literal too: the worst that it could mean is taken for true.
 *
 * <p>A mapped name: its migration was written, unless the text begins as a query and has no word
 * that writes. A word that could change the session: its reads stay on the authority.
 */
final class LargeText {
  private static final int LONGEST = 64;
  private static final MappedNames EFFECTS =
      MappedNames.of(
          Set.of(
              "set",
              "reset",
              "discard",
              "set_config",
              "pg_settings",
              "do",
              "call",
              "temp",
              "temporary",
              "pg_temp"));

  private static final MappedNames QUERIES =
      MappedNames.of(Set.of("select", "with", "values", "table"));

  /** One of these is in every statement that changes rows. */
  private static final MappedNames WRITES =
      MappedNames.of(
          Set.of(
              "insert",
              "update",
              "delete",
              "merge",
              "truncate",
              "copy",
              "into",
              "execute",
              "call",
              "do",
              "create",
              "alter",
              "drop",
              "rollback",
              "prepare"));

  private final Consumer<String> wrote;
  private final SessionSettings settings;
  private final Map<String, MappedNames> migrations;
  private final byte[] word = new byte[LONGEST];
  private final Set<String> named = new HashSet<>();
  private int length;
  private boolean begun;
  private boolean query;
  private boolean writes;

  /**
   * @param wrote told of each migration that may have been written
   */
  LargeText(@Nullable Lenses lenses, Consumer<String> wrote, SessionSettings settings) {
    this.migrations = lenses == null ? Map.of() : lenses.namesByMigration();
    this.wrote = wrote;
    this.settings = settings;
  }

  void feed(ByteBuf borrowed, int start, int count) {
    for (int at = start; at < start + count; at++) {
      byte c = borrowed.getByte(at);
      if (isPartOfWord(c)) {
        if (length < LONGEST) {
          word[length] = c;
        }
        length++;
      } else {
        endWord();
        // Behind the name of a Parse the text begins.
        begun &= c != 0;
      }
    }
  }

  /** The text is over. */
  void end() {
    endWord();
    if (!query || writes) {
      named.forEach(wrote);
    }
    named.clear();
    begun = false;
    writes = false;
  }

  private void endWord() {
    if (length == 0) {
      return;
    }
    boolean fits = length <= LONGEST;
    if (!begun) {
      begun = true;
      query = fits && QUERIES.contains(word, 0, length, true);
    }
    if (fits) {
      writes |= WRITES.contains(word, 0, length, true);
      if (EFFECTS.contains(word, 0, length, true)) {
        settings.pin();
      }
      for (Map.Entry<String, MappedNames> migration : migrations.entrySet()) {
        if (migration.getValue().contains(word, 0, length, true)
            || migration.getValue().contains(word, 0, length, false)) {
          named.add(migration.getKey());
        }
      }
    }
    length = 0;
  }

  private static boolean isPartOfWord(byte c) {
    return c < 0
        || c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c >= '0' && c <= '9'
        || c == '_'
        || c == '$';
  }
}
