package dev.crossfade.sql.write;

import dev.crossfade.core.schema.TableName;
import dev.crossfade.sql.lens.Refusal;
import dev.crossfade.sql.parse.Tokens;
import dev.crossfade.sql.parse.WriteOutline.Span;
import dev.crossfade.sql.parse.WriteOutline.Target;
import dev.crossfade.sql.write.WriteTarget.Store;
import dev.crossfade.sql.write.WriteTranslation.Answer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/** TRUNCATE: of the stored tables that hold nothing but rows of the named ones. */
final class Truncates {
  private Truncates() {}

  /**
   * @param found finds the tables that it names
   */
  static WriteTranslation truncate(Tokens tokens, Found found) throws RefusedException {
    Words words = new Words(tokens);
    words.take("TRUNCATE");
    words.take("TABLE");
    List<WriteTarget> targets = new ArrayList<>();
    do {
      int token = words.at();
      Target name = words.take("ONLY") ? null : words.table();
      if (name == null) {
        throw new RefusedException(Refusal.UNSUPPORTED_SYNTAX, token, "no plain name");
      }
      targets.add(found.table(name));
      words.takeSign('*');
    } while (words.takeSign(','));
    Set<TableName> names = new HashSet<>();
    targets.forEach(target -> names.add(target.shape().name()));
    TreeMap<String, Store> stores = new TreeMap<>();
    for (WriteTarget target : targets) {
      String reason = target.ties().againstRemoval(names);
      if (!reason.isEmpty()) {
        throw new RefusedException(Refusal.NOT_WRITABLE, tokens.statementStart(0), reason);
      }
      for (Store store : target.stores()) {
        if (!names.containsAll(store.table().reads())) {
          throw new RefusedException(
              Refusal.NOT_WRITABLE,
              tokens.statementStart(0),
              store.table().shape().name() + " holds rows of other tables, too");
        }
        stores.put(store.name(), store);
      }
    }
    SqlText sql = new SqlText(List.of()).add("TRUNCATE " + String.join(", ", stores.keySet()));
    Span options = words.rest();
    if (options != null) {
      sql.add(" ").add(options);
    }
    return WriteTranslation.of(new Answer.AsItIs(), sql.build(tokens.count()));
  }
}
