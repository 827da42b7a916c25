package dev.crossfade.sql.write;

import dev.crossfade.core.schema.TableName;
import dev.crossfade.core.schema.TableShape;
import dev.crossfade.core.schema.TableShape.ForeignKey;
import dev.crossfade.sql.parse.Lexer;
import dev.crossfade.sql.parse.Tokens;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A foreign key.
 *
 * @param onDelete such as {@code CASCADE}; RESTRICT is {@code NO ACTION} here, and so is none
 * @param onUpdate the same
 */
public record Reference(String name, Side child, Side parent, String onDelete, String onUpdate) {
  public static final String NO_ACTION = "NO ACTION";

  /** One end of it. */
  public record Side(TableName table, List<String> columns) {
    public Side {
      columns = List.copyOf(columns);
    }
  }

  /** Of a table, as its catalog prints it. */
  public static Reference of(TableShape shape, ForeignKey key) {
    byte[] text = key.definition().getBytes(StandardCharsets.UTF_8);
    Tokens tokens = new Lexer().lex(text, text.length);
    List<List<String>> lists = new ArrayList<>();
    for (int token = 0; token < tokens.count() && lists.size() < 2; token++) {
      if (tokens.isPunctuation(token, '(')) {
        List<String> names = new ArrayList<>();
        for (token++; token < tokens.count() && !tokens.isPunctuation(token, ')'); token += 2) {
          names.add(tokens.identifier(token));
          token -= tokens.isPunctuation(token + 1, ')') ? 1 : 0;
        }
        lists.add(names);
      }
    }
    List<String> columns = lists.isEmpty() ? List.of() : lists.getFirst();
    List<String> referenced = lists.size() < 2 ? List.of() : lists.get(1);
    return new Reference(
        key.name(),
        new Side(shape.name(), columns),
        new Side(key.references(), referenced),
        action(key.definition(), " ON DELETE "),
        action(key.definition(), " ON UPDATE "));
  }

  private static String action(String definition, String words) {
    int at = definition.toUpperCase(Locale.ROOT).indexOf(words);
    String rest = at < 0 ? "" : definition.substring(at + words.length());
    for (String action : List.of("CASCADE", "SET NULL", "SET DEFAULT")) {
      if (rest.startsWith(action)) {
        return action;
      }
    }
    return NO_ACTION;
  }

  boolean acts(Reference other) {
    return onDelete.equals(other.onDelete) && onUpdate.equals(other.onUpdate);
  }

  /** Whether it changes no value of the child's. */
  boolean isChecked() {
    return onUpdate.equals(NO_ACTION) && (onDelete.equals(NO_ACTION) || cascades());
  }

  boolean cascades() {
    return onDelete.equals("CASCADE");
  }

  boolean isPassive() {
    return onDelete.equals(NO_ACTION) && onUpdate.equals(NO_ACTION);
  }
}
