package dev.crossfade.sql.write;

import dev.crossfade.core.schema.ColumnShape;
import dev.crossfade.core.schema.ColumnShape.Filling;
import dev.crossfade.core.schema.TableShape;
import dev.crossfade.sql.lens.Refusal;
import dev.crossfade.sql.lens.Sql;
import dev.crossfade.sql.parse.Lexer;
import dev.crossfade.sql.parse.SqlParser;
import dev.crossfade.sql.parse.Tokens;
import dev.crossfade.sql.write.WriteTarget.Store;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the columns of a table hold when a statement does not say. Numbers of a sequence come from
 * the stored table's own: it is the one that goes on.
 */
final class Defaults {
  /** Give another value each time, and may: the row is made once. */
  private static final Set<String> FRESH =
      Set.of(
          "now",
          "transaction_timestamp",
          "statement_timestamp",
          "clock_timestamp",
          "gen_random_uuid",
          "uuidv4",
          "uuidv7",
          "random");

  private final SqlParser parser;
  private final Set<String> steadyFunctions;
  private final WriteTarget target;

  Defaults(SqlParser parser, Set<String> steadyFunctions, WriteTarget target) {
    this.parser = parser;
    this.steadyFunctions = steadyFunctions;
    this.target = target;
  }

  /** Functions that may stand where a new row is made. */
  static boolean isFresh(List<String> function) {
    return FRESH.contains(function.getLast())
        && (function.size() == 1 || function.getFirst().equals("pg_catalog"));
  }

  /** Whether it comes from a sequence. */
  static boolean isNumbered(ColumnShape column) {
    return column.filling() instanceof Filling.Identity
        || column.filling() instanceof Filling.Default(String expression)
            && expression.startsWith("nextval(");
  }

  /**
   * SQL of the column's type.
   *
   * @throws RefusedException when it can not be had where the data is
   */
  String of(ColumnShape column, int token) throws RefusedException {
    Coercion coercion = Coercion.to(column.type());
    if (isNumbered(column)) {
      return coercion.of(numbered(column, token));
    }
    return switch (column.filling()) {
      case Filling.Nothing ignored -> "CAST(NULL AS " + column.type() + ")";
      case Filling.Default(String expression) -> {
        checkSteady(column, expression, token);
        yield coercion.of(expression);
      }
      case Filling.Identity ignored -> throw new IllegalStateException("numbered");
      case Filling.Generated ignored ->
          throw new RefusedException(
              Refusal.NOT_WRITABLE, token, "column " + column.name() + " is generated");
    };
  }

  private String numbered(ColumnShape column, int token) throws RefusedException {
    int position = target.entity().indexOf(column.name());
    for (Store store : target.stores()) {
      String sequence = position < 0 ? null : sequence(store, position);
      if (sequence != null) {
        return sequence;
      }
    }
    throw new RefusedException(
        Refusal.NOT_WRITABLE,
        token,
        "column "
            + column.name()
            + " counts by itself, and no stored table's key column does so in its place");
  }

  private static @Nullable String sequence(Store store, int position) {
    TableShape shape = store.table().shape();
    String key = store.table().entity().get(position);
    return switch (shape.column(key).orElseThrow().filling()) {
      case Filling.Default(String expression) ->
          expression.startsWith("nextval(") ? expression : null;
      case Filling.Identity ignored ->
          "nextval(CAST(pg_catalog.pg_get_serial_sequence("
              + literal(Sql.quote(shape.name()))
              + ", "
              + literal(key)
              + ") AS pg_catalog.regclass))";
      case Filling.Nothing ignored -> null;
      case Filling.Generated ignored -> null;
    };
  }

  private void checkSteady(ColumnShape column, String expression, int token)
      throws RefusedException {
    byte[] text = ("SELECT " + expression).getBytes(StandardCharsets.UTF_8);
    Tokens tokens = new Lexer().lex(text, text.length);
    boolean known =
        parser.parse(text, tokens) instanceof SqlParser.Result.Parsed parsed
            && parsed.outline().tables().isEmpty()
            && parsed.outline().functions().stream()
                .allMatch(
                    function ->
                        isFresh(function.parts())
                            || function.parts().size() == 1
                                && steadyFunctions.contains(function.parts().getFirst()));
    if (!known) {
      throw new RefusedException(
          Refusal.UNKNOWN_FUNCTION,
          token,
          "the default of column " + column.name() + " calls what is not known to be built in");
    }
  }

  static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
