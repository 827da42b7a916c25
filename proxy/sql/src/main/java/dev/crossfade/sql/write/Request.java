package dev.crossfade.sql.write;

import dev.crossfade.core.schema.ColumnShape;
import dev.crossfade.sql.lens.Refusal;
import dev.crossfade.sql.lens.Sql;
import dev.crossfade.sql.parse.Tokens;
import dev.crossfade.sql.parse.WriteOutline;
import dev.crossfade.sql.parse.WriteOutline.From;
import dev.crossfade.sql.parse.WriteOutline.With;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A statement to be translated.
 *
 * @param outline what it says
 * @param target the table that it writes
 * @param tokens of its text; valid while it is translated
 * @param empty SQL that knows what stands in the place of the tables that the statement reads
 * @param defaults of the target's columns
 */
record Request(
    WriteOutline outline, WriteTarget target, Tokens tokens, SqlText empty, Defaults defaults) {

  SqlText text() {
    return empty.piece();
  }

  /** What qualifies the target's columns in the statement, quoted. */
  String alias() {
    return Sql.quote(outline.target().qualifier());
  }

  /** WITH and the client's own queries; more of them can follow. */
  SqlText with() {
    With with = outline.with();
    if (with == null) {
      return text().add("WITH ");
    }
    return text().add(with.recursive() ? "WITH RECURSIVE " : "WITH ").add(with.queries()).add(", ");
  }

  /** The target's rows under its name, and the items behind it. */
  SqlText from(@Nullable From more) {
    SqlText from = text().add(target.rows()).add(" AS ").add(alias());
    return more == null ? from : from.add(", ").add(more.items());
  }

  List<ColumnShape> columns() {
    return target.shape().columns();
  }

  List<String> names() {
    return columns().stream().map(ColumnShape::name).toList();
  }

  /**
   * @throws RefusedException when the table does not have it
   */
  ColumnShape column(String name) throws RefusedException {
    ColumnShape column = target.shape().column(name).orElse(null);
    if (column == null) {
      throw refuse(target.shape().name() + " has no column " + name);
    }
    return column;
  }

  RefusedException refuse(String detail) {
    return new RefusedException(Refusal.NOT_WRITABLE, outline.target().token(), detail);
  }

  int tokenCount() {
    return tokens.count();
  }
}
