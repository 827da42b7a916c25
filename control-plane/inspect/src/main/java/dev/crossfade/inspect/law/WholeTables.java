package dev.crossfade.inspect.law;

import dev.crossfade.core.schema.TableName;
import dev.crossfade.core.schema.TableShape.ForeignKey;
import dev.crossfade.core.schema.TableShape.UniqueKey;
import dev.crossfade.inspect.database.Database;
import dev.crossfade.inspect.database.QueryException;
import dev.crossfade.inspect.finding.Code;
import dev.crossfade.inspect.finding.Example;
import dev.crossfade.sql.image.EntityGroup;
import dev.crossfade.sql.lens.CompiledLens.MappedTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What no chunk can tell: whether rows of different entities have a unique key in common, and
 * whether every row's parent is there. Each is one query over a whole image.
 */
final class WholeTables {
  private static final Pattern REFERENCE =
      Pattern.compile("FOREIGN KEY \\((.+?)\\) REFERENCES .+?\\((.+?)\\).*", Pattern.DOTALL);

  private final Database database;
  private final Map<TableName, Images> images;
  private final Duration max;
  private final List<Question> questions;

  /** One query. */
  private record Question(Code code, String place, String words, String sql) {}

  /**
   * @param images by the table of the other side that they give
   * @param max how long one query may run
   */
  WholeTables(Database database, Map<TableName, Images> images, Duration max) {
    this.database = database;
    this.images = Map.copyOf(images);
    this.max = max;
    this.questions = questions();
  }

  /** Names what can be asked, in an order that is always the same. */
  List<String> names() {
    return questions.stream().map(question -> question.code() + " " + question.place()).toList();
  }

  void ask(String name, Evidence evidence) throws QueryException {
    for (Question question : questions) {
      if (name.equals(question.code() + " " + question.place())) {
        ask(question, evidence);
      }
    }
  }

  private void ask(Question question, Evidence evidence) throws QueryException {
    try {
      for (List<@Nullable String> row : database.query(question.sql(), max)) {
        Evidence.Entry entry = evidence.at(question.code(), question.place());
        if (entry.count() == 0) {
          entry.count(question.words(), Long.parseLong(String.valueOf(row.get(0))));
        }
        entry.example(new Example(String.valueOf(row.get(1)), question.words()));
      }
    } catch (QueryException e) {
      if (!e.isOfData() && !e.isOfQuery() && !e.isTimeout()) {
        throw e;
      }
      String why = e.isTimeout() ? "took longer than " + max : e.withoutValues();
      evidence.at(Code.NOT_CHECKED, question.place()).count(why, 0);
    }
  }

  private List<Question> questions() {
    List<Question> questions = new ArrayList<>();
    for (TableName name : images.keySet().stream().sorted(EntityGroup.BY_NAME).toList()) {
      Images of = images(name);
      MappedTable table = of.group().other(name);
      ImageRules rules = ImageRules.of(table, of.standIns());
      String image = of.image(name, Entities.ALL);
      for (UniqueKey key : ImageRules.commonKeys(table)) {
        questions.add(
            new Question(
                Code.NOT_UNIQUE,
                "new " + name + " " + key.name(),
                "is not the only one with its " + String.join(", ", key.columns()),
                unique(key, rules.keyText("i"), image)));
      }
      for (ForeignKey key : table.shape().rules().foreignKeys()) {
        String sql = foreignKey(key, rules, image);
        if (sql != null) {
          questions.add(
              new Question(
                  Code.PARENT_MISSING,
                  "new " + name + " " + key.name(),
                  "has no parent in " + key.references(),
                  sql));
        }
      }
    }
    return questions;
  }

  private Images images(TableName table) {
    Images found = images.get(table);
    if (found == null) {
      throw new IllegalArgumentException("nothing gives " + table);
    }
    return found;
  }

  private static String unique(UniqueKey key, String keyText, String image) {
    String columns = Quoted.list(key.columns(), name -> "i." + Quoted.name(name));
    return "SELECT sum(v.n) OVER (), v.one || ' and ' || v.another FROM (SELECT count(*) AS n, min("
        + keyText
        + ") AS one, max("
        + keyText
        + ") AS another FROM "
        + image
        + " AS i WHERE ("
        + columns
        + ") IS NOT NULL GROUP BY "
        + columns
        + " HAVING count(*) > 1) AS v ORDER BY 2 LIMIT "
        + Evidence.MOST_EXAMPLES;
  }

  private @Nullable String foreignKey(ForeignKey key, ImageRules child, String image) {
    Images parent = images.get(key.references());
    Matcher matcher = REFERENCE.matcher(key.definition());
    if (parent == null || !matcher.matches()) {
      return null;
    }
    // The catalog has quoted the names where need be.
    String[] from = matcher.group(1).split(", ");
    String[] to = matcher.group(2).split(", ");
    StringBuilder filled = new StringBuilder();
    StringBuilder equal = new StringBuilder();
    for (int i = 0; i < from.length; i++) {
      filled.append(i == 0 ? "" : " AND ").append("i.").append(from[i]).append(" IS NOT NULL");
      equal
          .append(i == 0 ? "" : " AND ")
          .append("p.")
          .append(to[i])
          .append(" = i.")
          .append(from[i]);
    }
    return "SELECT count(*) OVER (), "
        + child.keyText("i")
        + " FROM "
        + image
        + " AS i WHERE "
        + filled
        + " AND NOT EXISTS (SELECT 1 FROM "
        + parent.image(key.references(), Entities.ALL)
        + " AS p WHERE "
        + equal
        + ") ORDER BY 2 LIMIT "
        + Evidence.MOST_EXAMPLES;
  }
}
