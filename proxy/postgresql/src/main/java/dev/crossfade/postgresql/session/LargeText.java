package dev.crossfade.postgresql.session;

import dev.crossfade.postgresql.plan.Lenses;
import dev.crossfade.sql.parse.MappedNames;
import io.netty.buffer.ByteBuf;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A statement's text that is too long to be looked at as a whole, word by word while it passes. A
 * word counts wherever it stands, in a literal too: the worst that it could mean is taken for true.
 *
 * <p>A mapped name: its migration was written. A word that could change the session: its reads stay
 * on the authority.
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

  private final Consumer<String> wrote;
  private final SessionSettings settings;
  private final Map<String, MappedNames> migrations;
  private final byte[] word = new byte[LONGEST];
  private int length;

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
      } else if (length > 0) {
        end();
      }
    }
  }

  /** The text is over. */
  void end() {
    if (length > 0 && length <= LONGEST) {
      if (EFFECTS.contains(word, 0, length, true)) {
        settings.pin();
      }
      for (Map.Entry<String, MappedNames> migration : migrations.entrySet()) {
        if (migration.getValue().contains(word, 0, length, true)
            || migration.getValue().contains(word, 0, length, false)) {
          wrote.accept(migration.getKey());
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
