package dev.crossfade.postgresql.type;

import dev.crossfade.postgresql.type.Layout.Part;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Changes the OIDs inside binary values where they lie, as the bytes pass: a value may come in any
 * number of pieces, and nothing of it is kept. OIDs have four bytes on both sides, so no length
 * changes.
 *
 * <p>What a value holds is known from its type. Where an OID is not the expected one, or a value is
 * not made as its type says, {@link #pass} is false; bytes before that place may be changed.
 *
 * <pre>
 * row   = int16 columns | per column: int32 length (-1: NULL), bytes as in {@link Layout}
 * </pre>
 */
public final class OidRewriter {
  /** What the server makes at most. */
  private static final int MAX_DIMENSIONS = 6;

  private static final long UNCOUNTED = Long.MAX_VALUE;

  /** What is done with the bytes at hand. */
  private enum Step {
    SKIP,
    NUMBER,
    OID,
    END
  }

  /** What part of a row or value the bytes at hand are. */
  private enum Place {
    COUNT,
    FLAGS,
    ELEMENT_TYPE,
    BOUNDS,
    ITEM_TYPE,
    ITEM_LENGTH,
    ITEM
  }

  /** A row, or a value inside it. */
  private static final class Level {
    /** Null: the row. */
    private @Nullable Layout layout;

    private Place place = Place.COUNT;

    /** Bytes of a value that are not spoken for yet. */
    private long left;

    /** Columns, dimensions or fields. */
    private int count;

    /** Columns, elements, fields, bounds or ranges that have begun. */
    private int items;
  }

  private final boolean toAsked;

  /** By column; null where a value passes as it is. */
  private final @Nullable Layout[] columns;

  private Level[] levels = {new Level()};
  private int depth = -1;
  private Step step = Step.END;
  private int stepLeft;
  private int number;
  private int expected;
  private int instead;

  private OidRewriter(@Nullable Layout[] columns, boolean toAsked) {
    this.columns = columns;
    this.toAsked = toAsked;
  }

  /**
   * For rows of the answering side.
   *
   * @param columns null where a value passes as it is
   */
  public static OidRewriter ofRows(@Nullable Layout[] columns) {
    return new OidRewriter(columns, true);
  }

  /** For parameters, which have the asked side's types. */
  public static OidRewriter ofParameters() {
    return new OidRewriter(new Layout[0], false);
  }

  /** The body of a row begins. */
  public void beginRow() {
    depth = -1;
    push(null, UNCOUNTED);
  }

  /**
   * A value begins, behind its length.
   *
   * @param length above 0
   */
  public void beginValue(Layout layout, int length) {
    depth = -1;
    push(layout, length);
  }

  /** Bytes pass, and may be changed. False when they are not what was expected. */
  public boolean pass(ByteBuf borrowed, int from, int to) {
    int at = from;
    while (at < to) {
      if (stepLeft == 4 && step != Step.SKIP && to - at >= 4) {
        if (!whole(borrowed, at)) {
          return false;
        }
        at += 4;
      } else {
        at = piece(borrowed, at, to);
        if (at < 0) {
          return false;
        }
      }
      while (stepLeft == 0 && step != Step.END) {
        if (!passed(levels[depth])) {
          return false;
        }
      }
    }
    return true;
  }

  /** Four bytes that are all there, as nearly always. */
  private boolean whole(ByteBuf borrowed, int at) {
    number = borrowed.getInt(at);
    stepLeft = 0;
    if (step == Step.OID) {
      if (number != expected) {
        return false;
      }
      borrowed.setInt(at, instead);
    }
    return true;
  }

  /** Where it ends; -1 when it is not what was expected. */
  private int piece(ByteBuf borrowed, int from, int to) {
    int at = from;
    switch (step) {
      case SKIP -> {
        int skipped = Math.min(stepLeft, to - at);
        at += skipped;
        stepLeft -= skipped;
      }
      case NUMBER -> {
        number = number << 8 | borrowed.getUnsignedByte(at++);
        stepLeft--;
      }
      case OID -> {
        stepLeft--;
        int shift = 8 * stepLeft;
        if (borrowed.getByte(at) != (byte) (expected >>> shift)) {
          return -1;
        }
        borrowed.setByte(at++, instead >>> shift);
      }
      case END -> {
        return -1;
      }
    }
    return at;
  }

  /** A place is behind; false when what it showed cannot be. */
  private boolean passed(Level level) {
    return switch (level.place) {
      case COUNT -> counted(level, number);
      case FLAGS ->
          level.layout instanceof Layout.ArrayOf(Part element)
              ? oid(level, Place.ELEMENT_TYPE, element)
              : item(level);
      // What differs in an array of plain elements is behind.
      case ELEMENT_TYPE ->
          within(level) == null
              ? expect(level, Place.BOUNDS, Step.SKIP, level.left)
              : expect(level, Place.BOUNDS, Step.SKIP, 8L * level.count);
      case BOUNDS, ITEM -> item(level);
      case ITEM_TYPE -> expect(level, Place.ITEM_LENGTH, Step.NUMBER, 4);
      case ITEM_LENGTH -> value(level, number);
    };
  }

  private boolean counted(Level level, int count) {
    level.count = count;
    return switch (level.layout) {
      case null -> count == columns.length && item(level);
      case Layout.ArrayOf _ ->
          count >= 0 && count <= MAX_DIMENSIONS && expect(level, Place.FLAGS, Step.SKIP, 4);
      case Layout.Fields(List<Part> fields) -> count == fields.size() && item(level);
      case Layout.RangeOf _, Layout.MultirangeOf _ -> false;
    };
  }

  /** The next of a level's items begins, or the level ends. */
  private boolean item(Level level) {
    boolean counts = level.layout == null || level.layout instanceof Layout.Fields;
    if (counts ? level.items == level.count : level.left == 0) {
      return end(level);
    }
    return level.layout instanceof Layout.Fields(List<Part> fields)
        ? oid(level, Place.ITEM_TYPE, fields.get(level.items))
        : expect(level, Place.ITEM_LENGTH, Step.NUMBER, 4);
  }

  private boolean end(Level level) {
    if (level.layout != null && level.left != 0) {
      return false;
    }
    depth--;
    if (depth >= 0) {
      return item(levels[depth]);
    }
    step = Step.END;
    return true;
  }

  private boolean value(Level level, int length) {
    Layout within = within(level);
    level.items++;
    if (length < -1) {
      return false;
    }
    if (within == null || length <= 0) {
      return expect(level, Place.ITEM, Step.SKIP, Math.max(length, 0));
    }
    level.place = Place.ITEM;
    level.left -= length;
    return level.left >= 0 && push(within, length);
  }

  /** Of the item that has begun. */
  private @Nullable Layout within(Level level) {
    return switch (level.layout) {
      case null -> columns[level.items];
      case Layout.ArrayOf(Part element) -> element.within();
      case Layout.Fields(List<Part> fields) -> fields.get(level.items).within();
      case Layout.RangeOf(Layout bound) -> bound;
      case Layout.MultirangeOf(Layout range) -> range;
    };
  }

  private boolean push(@Nullable Layout layout, long length) {
    depth++;
    if (depth == levels.length) {
      levels = Arrays.copyOf(levels, depth + 1);
      levels[depth] = new Level();
    }
    Level level = levels[depth];
    level.layout = layout;
    level.left = length;
    level.items = 0;
    return switch (layout) {
      case null -> expect(level, Place.COUNT, Step.NUMBER, 2);
      case Layout.ArrayOf _, Layout.Fields _ -> expect(level, Place.COUNT, Step.NUMBER, 4);
      case Layout.RangeOf _ -> expect(level, Place.FLAGS, Step.SKIP, 1);
      case Layout.MultirangeOf _ -> expect(level, Place.FLAGS, Step.SKIP, 4);
    };
  }

  private boolean oid(Level level, Place place, Part part) {
    expected = toAsked ? part.answering() : part.asked();
    instead = toAsked ? part.asked() : part.answering();
    return expect(level, place, Step.OID, 4);
  }

  /** False when the level has no such number of bytes left. */
  private boolean expect(Level level, Place place, Step next, long bytes) {
    level.place = place;
    level.left -= bytes;
    step = next;
    stepLeft = (int) bytes;
    number = 0;
    return level.left >= 0;
  }
}
