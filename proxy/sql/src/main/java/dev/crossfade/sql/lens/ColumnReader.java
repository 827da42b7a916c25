package dev.crossfade.sql.lens;

import dev.crossfade.sql.lens.TableShorthand.ColumnChange;
import dev.crossfade.sql.lens.TableShorthand.ColumnShorthand;
import dev.crossfade.sql.lens.TableShorthand.Exchange;
import dev.crossfade.sql.lens.TableShorthand.Pair;
import dev.crossfade.sql.yaml.SourceText;
import dev.crossfade.sql.yaml.YamlNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads what a migration file says of one column. */
final class ColumnReader {
  private final YamlNode column;

  /** What a column's entry is about: the first of these keys that it has. */
  private enum Kind {
    DROP("drop"),
    ADD("add"),
    ARCHIVE("archive"),
    ROWS("rows"),
    VALUES("values"),
    NULLS("nulls"),
    UUID("uuid"),
    KEEP("");

    private final String key;

    Kind(String key) {
      this.key = key;
    }

    /** The keys that may stand beside it. */
    private Set<String> others() {
      return switch (this) {
        case DROP -> Set.of("down", "default", "lossy");
        case ADD -> Set.of("up", "default");
        case ARCHIVE -> Set.of("default");
        case ROWS -> Set.of("lossy");
        case VALUES, NULLS -> Set.of("rename", "default", "lossy");
        case UUID -> Set.of("rename");
        case KEEP -> Set.of("rename", "cast", "up", "down", "default", "lossy");
      };
    }
  }

  private ColumnReader(YamlNode column) {
    this.column = column;
  }

  static List<ColumnShorthand> columns(YamlNode columns) {
    List<ColumnShorthand> read = new ArrayList<>();
    columns.children().forEach((name, column) -> read.add(new ColumnReader(column).read(name)));
    return read;
  }

  private ColumnShorthand read(String name) {
    column.allowKeys(Level.COLUMN.keys());
    if (!column.isPresent()) {
      column.report("empty; say what becomes of it, such as rename, cast, drop or add");
    }
    Kind kind = kind();
    for (String key : Level.COLUMN.keys()) {
      if (!key.equals(kind.key) && !kind.others().contains(key) && has(key)) {
        String known = kind == Kind.KEEP ? "a column that new has" : kind.key;
        column.child(key).report(known + " can not have " + key + " as well; remove one");
      }
    }
    return new ColumnShorthand(name, change(kind), column.bool("lossy", false), column.place());
  }

  private Kind kind() {
    for (Kind kind : Kind.values()) {
      if (kind == Kind.KEEP || has(kind.key)) {
        return kind;
      }
    }
    throw new IllegalStateException("the last kind has no key");
  }

  /** A flag that is false is as good as none. */
  private boolean has(String key) {
    boolean flag = key.equals("drop") || key.equals("add") || key.equals("lossy");
    return flag ? column.bool(key, false) : column.child(key).isPresent();
  }

  private ColumnChange change(Kind kind) {
    return switch (kind) {
      case DROP -> new ColumnChange.Drop(dropped(), has("down"));
      case ADD -> new ColumnChange.Add(one("up", "default", "rows that come from old"), has("up"));
      case ARCHIVE ->
          new ColumnChange.Archive(
              TableNames.read(column.requiredString("archive"), column.child("archive")),
              sql("default"));
      case ROWS -> new ColumnChange.Rows(new ListReader(column.child("rows")).rows());
      case VALUES -> keep(new Exchange.Values(pairs()));
      case NULLS -> keep(new Exchange.Nulls(sql("nulls").orElse(missing())));
      case UUID ->
          keep(
              new Exchange.Uuid(
                  TableNames.read(column.requiredString("uuid"), column.child("uuid"))));
      case KEEP -> keep(new Exchange.Computed(sql("cast"), sql("up"), sql("down")));
    };
  }

  private ColumnChange keep(Exchange exchange) {
    return new ColumnChange.Keep(column.optionalString("rename"), exchange, sql("default"));
  }

  private SourceText dropped() {
    boolean lossy = column.bool("lossy", false);
    SourceText value = one("down", "default", "rows of old");
    if (has("default") && !lossy) {
      column.report(
          "its values are lost; keep them with archive: TABLE instead, or accept it with lossy:"
              + " true");
    }
    return value;
  }

  /** The value of a column that only one shape has. */
  private SourceText one(String computed, String constant, String rows) {
    Optional<SourceText> expression = sql(computed);
    Optional<SourceText> value = sql(constant);
    if (expression.isPresent() && value.isPresent()) {
      column.report("both " + computed + " and " + constant + "; remove one");
    } else if (expression.isEmpty() && value.isEmpty()) {
      column.report(
          "no value; give the SQL value of this column in "
              + rows
              + ": "
              + constant
              + ", such as \"''\" or \"NULL\", or "
              + computed
              + " to compute it");
    }
    return expression.or(() -> value).orElse(missing());
  }

  private List<Pair> pairs() {
    List<Pair> pairs = new ArrayList<>();
    Map<String, String> partners = new HashMap<>();
    YamlNode values = column.child("values");
    values
        .children()
        .forEach(
            (old, partner) -> {
              Optional<SourceText> next = partner.sourceText();
              if (!partner.isPresent()) {
                partner.report("has no partner; give the value of new that stands for it");
              }
              next.ifPresent(
                  value -> {
                    String other = partners.putIfAbsent(value.text(), old);
                    if (other != null) {
                      partner.report(
                          "\""
                              + value.text()
                              + "\" is the partner of \""
                              + other
                              + "\" already; only one of them would come back");
                    }
                    pairs.add(new Pair(old, value));
                  });
            });
    if (values.isPresent() && values.children().isEmpty()) {
      values.report("empty; write a value of old and its partner of new on each line");
    }
    return pairs;
  }

  private Optional<SourceText> sql(String key) {
    return column.child(key).sourceText();
  }

  private SourceText missing() {
    return SourceText.of("NULL", column.place());
  }
}
