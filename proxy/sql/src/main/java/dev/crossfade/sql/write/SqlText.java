package dev.crossfade.sql.write;

import dev.crossfade.sql.lens.Translation.Splice;
import dev.crossfade.sql.parse.WriteOutline.Span;
import dev.crossfade.sql.write.Template.Piece;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** SQL that is being put together from fixed text and pieces of the client's. */
final class SqlText {
  private final List<Splice> splices;
  private final List<Piece> pieces = new ArrayList<>();
  private final StringBuilder fixed = new StringBuilder();

  /**
   * @param splices what stands in the place of the tables that the client's text reads
   */
  SqlText(List<Splice> splices) {
    this.splices = List.copyOf(splices);
  }

  /** A text that may be added to this one. */
  SqlText piece() {
    return new SqlText(splices);
  }

  SqlText add(String text) {
    fixed.append(text);
    return this;
  }

  SqlText add(Span span) {
    flush();
    List<Splice> inside = new ArrayList<>();
    for (Splice splice : splices) {
      if (splice.first() >= span.first() && splice.end() <= span.end()) {
        inside.add(splice);
      }
    }
    pieces.add(new Piece.Quoted(span.first(), span.end(), inside));
    return this;
  }

  SqlText add(SqlText other) {
    flush();
    pieces.addAll(other.pieces);
    fixed.append(other.fixed);
    return this;
  }

  /** In parentheses behind a word; nothing when there is no condition. */
  SqlText addCondition(String word, @Nullable Span condition) {
    return condition == null ? this : add(word).add("(").add(condition).add(")");
  }

  Template build(int tokenCount) {
    flush();
    return new Template(tokenCount, pieces);
  }

  private void flush() {
    if (!fixed.isEmpty()) {
      pieces.add(new Piece.Fixed(fixed.toString()));
      fixed.setLength(0);
    }
  }
}
