package dev.crossfade.sql.lens;

import dev.crossfade.core.schema.TableName;
import dev.crossfade.sql.lens.TableShorthand.Exchange;
import dev.crossfade.sql.lens.TableShorthand.Exchange.Computed;
import dev.crossfade.sql.lens.TableShorthand.Exchange.Nulls;
import dev.crossfade.sql.lens.TableShorthand.Exchange.Uuid;
import dev.crossfade.sql.lens.TableShorthand.Exchange.Values;
import dev.crossfade.sql.lens.TableShorthand.Pair;
import dev.crossfade.sql.yaml.Place;
import dev.crossfade.sql.yaml.SourceText;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Writes the two expressions that turn one column's values into each other. */
final class Exchanges {
  private static final Pattern MODIFIER = Pattern.compile("\\([^)]*\\)|\\[\\]");

  /** As format_type() spells them; all others were made by somebody. */
  private static final Set<String> BUILT_IN =
      Set.of(
          "smallint",
          "integer",
          "int",
          "bigint",
          "numeric",
          "decimal",
          "real",
          "double precision",
          "money",
          "boolean",
          "text",
          "varchar",
          "char",
          "character",
          "character varying",
          "name",
          "bytea",
          "uuid",
          "json",
          "jsonb",
          "xml",
          "date",
          "time",
          "timestamp",
          "timestamptz",
          "time without time zone",
          "time with time zone",
          "timestamp without time zone",
          "timestamp with time zone",
          "interval",
          "inet",
          "cidr",
          "macaddr",
          "macaddr8",
          "bit",
          "bit varying",
          "point",
          "tsvector",
          "int4range",
          "int8range",
          "numrange",
          "tsrange",
          "tstzrange",
          "daterange");

  private final SqlPieces pieces;
  private final Frame frame;

  Exchanges(SqlPieces pieces, Frame frame) {
    this.pieces = pieces;
    this.frame = frame;
  }

  /**
   * A column on one side.
   *
   * @param sql how a query over that side names it
   * @param type null when no database was asked
   */
  record Column(String sql, @Nullable String type) {}

  /** Checks the SQL that a file gives, once. */
  void check(Exchange exchange) {
    switch (exchange) {
      case Computed computed -> {
        computed.cast().ifPresent(pieces::type);
        computed.up().ifPresent(up -> pieces.expression(up, frame::usedOfOld));
        computed.down().ifPresent(down -> pieces.expression(down, frame::usedOfNew));
      }
      case Nulls nulls -> pieces.constant(nulls.value());
      case Values values -> {}
      case Uuid uuid -> {}
    }
  }

  /**
   * The value of new. A type that somebody made is not named, since only new may have it: whoever
   * puts the text into the column makes it of that type.
   */
  SourceText up(Exchange exchange, Column old, @Nullable String newType, Place place) {
    ComposedText sql = new ComposedText(place);
    switch (exchange) {
      case Computed computed -> {
        SourceText cast = computed.cast().orElse(null);
        boolean strange = cast != null && isStrange(cast.text());
        sql.add(cast == null ? "" : "CAST(");
        if (computed.up().isPresent()) {
          sql.add("(").add(computed.up().get()).add(")");
        } else {
          sql.add(old.sql());
        }
        if (strange) {
          sql.add(" AS text)");
        } else if (cast != null) {
          sql.add(" AS ").add(cast).add(")");
        }
      }
      case Nulls nulls -> sql.add("COALESCE(" + old.sql() + ", (").add(nulls.value()).add("))");
      case Values values -> sql.add(cast(upwards(values, old.sql()), newType));
      case Uuid uuid -> sql.add(uuid(uuid.map(), old.sql()));
    }
    return sql;
  }

  /** The value of old, which is cast to its type by whoever asks. */
  SourceText down(Exchange exchange, Column next, @Nullable String oldType, Place place) {
    ComposedText sql = new ComposedText(place);
    switch (exchange) {
      case Computed computed -> {
        boolean strange =
            computed.cast().isPresent() && isStrange(next.type()) && isStrange(oldType);
        if (computed.down().isPresent()) {
          sql.add("(").add(computed.down().get()).add(")");
        } else {
          sql.add(strange ? asText(next.sql()) : next.sql());
        }
      }
      case Nulls nulls -> sql.add("NULLIF(" + next.sql() + ", (").add(nulls.value()).add("))");
      case Values values -> sql.add(cast(downwards(values, next.sql()), oldType));
      case Uuid uuid -> throw new IllegalArgumentException("a table has the old key of " + uuid);
    }
    return sql;
  }

  /** The same for the same key wherever it is computed. */
  private static String uuid(TableName map, String key) {
    return "CAST(md5(" + literal(map + ":") + " || " + asText(key) + ") AS uuid)";
  }

  private static String upwards(Values values, String column) {
    StringBuilder sql = new StringBuilder("CASE " + asText(column));
    for (Pair pair : values.pairs()) {
      sql.append(" WHEN ").append(literal(pair.old()));
      sql.append(" THEN ").append(literal(pair.next().text()));
    }
    return sql.append(" ELSE ").append(asText(column)).append(" END").toString();
  }

  private static String downwards(Values values, String column) {
    StringBuilder sql = new StringBuilder("CASE " + asText(column));
    for (Pair pair : values.pairs()) {
      sql.append(" WHEN ").append(literal(pair.next().text()));
      sql.append(" THEN ").append(literal(pair.old()));
    }
    return sql.append(" ELSE ").append(asText(column)).append(" END").toString();
  }

  private static String cast(String sql, @Nullable String type) {
    return type == null || type.equals("text") || isStrange(type)
        ? sql
        : "CAST(" + sql + " AS " + type + ')';
  }

  static String asText(String sql) {
    return "CAST(" + sql + " AS text)";
  }

  /** A backslash means itself only without the E in front when the server says so. */
  static String literal(String text) {
    String doubled = text.replace("'", "''");
    return text.indexOf('\\') < 0
        ? "'" + doubled + "'"
        : "E'" + doubled.replace("\\", "\\\\") + "'";
  }

  /**
   * Whether somebody made the type: another server need not have it, and no cast leads from it to
   * another such type except by way of text.
   */
  static boolean isStrange(@Nullable String type) {
    return type != null
        && !BUILT_IN.contains(
            MODIFIER
                .matcher(type)
                .replaceAll("")
                .strip()
                .replaceAll(" +", " ")
                .toLowerCase(Locale.ROOT));
  }
}
