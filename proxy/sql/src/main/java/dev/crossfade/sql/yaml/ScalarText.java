package dev.crossfade.sql.yaml;

import java.nio.charset.StandardCharsets;
import org.snakeyaml.engine.v2.common.ScalarStyle;

/**
 * The value of a YAML scalar. Indentation, folded lines and escapes make it differ from what stands
 * in the file; but in every style each character that can be seen stands there too, in the same
 * order. So a place is found by counting these.
 */
final class ScalarText implements SourceText {
  private final String text;
  private final Place place;
  private final Written written;

  /**
   * How it stands in the file.
   *
   * @param raw with its quotes, its block header and the properties in front
   * @param line of its first character, counted from 1
   * @param column of its first character, counted from 1
   */
  record Written(String raw, ScalarStyle style, int line, int column) {}

  ScalarText(String text, Place place, Written written) {
    this.text = text;
    this.place = place;
    this.written = written;
  }

  @Override
  public String text() {
    return text;
  }

  @Override
  public Place place() {
    return place;
  }

  @Override
  public Place at(int byteOffset) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    String before =
        new String(bytes, 0, Math.clamp(byteOffset, 0, bytes.length), StandardCharsets.UTF_8);
    return new Walk(written).place(visible(before), visible(text));
  }

  private static int visible(String text) {
    return (int) text.codePoints().filter(c -> !isBlank(c)).count();
  }

  private static boolean isBlank(int c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
  }

  /** One pass over what stands in the file. */
  private final class Walk {
    private final String raw;
    private final ScalarStyle style;
    private int at;
    private int line;
    private int column;

    Walk(Written written) {
      raw = written.raw();
      style = written.style();
      line = written.line();
      column = written.column();
      skipProperties();
      switch (style) {
        case LITERAL, FOLDED -> skipLine();
        case SINGLE_QUOTED, DOUBLE_QUOTED -> step(1);
        case PLAIN, JSON_SCALAR_STYLE -> {}
      }
    }

    /**
     * @param wanted how many visible characters stand in front
     * @param all how many there are
     */
    Place place(int wanted, int all) {
      int seen = 0;
      while (seen < all && at < raw.length()) {
        boolean visible = isVisible();
        if (visible && seen == wanted) {
          break;
        }
        seen += visible ? 1 : 0;
        step(length());
      }
      return new Place(place.source(), line, column, place.path());
    }

    /** An anchor and a tag may stand in front. */
    private void skipProperties() {
      while (at < raw.length() && (raw.charAt(at) == '&' || raw.charAt(at) == '!')) {
        while (at < raw.length() && !isBlank(raw.charAt(at))) {
          step(1);
        }
        while (at < raw.length() && isBlank(raw.charAt(at))) {
          step(1);
        }
      }
    }

    private void skipLine() {
      int first = line;
      while (at < raw.length() && line == first) {
        step(1);
      }
    }

    /** Of one character of the value as it is written, in code points. */
    private int length() {
      boolean doubled = style == ScalarStyle.SINGLE_QUOTED && raw.startsWith("''", at);
      if (!isEscape()) {
        return doubled ? 2 : 1;
      }
      return switch (raw.charAt(at + 1)) {
        case 'x' -> 4;
        case 'u' -> 6;
        case 'U' -> 10;
        default -> 2;
      };
    }

    private boolean isVisible() {
      if (!isEscape()) {
        return !isBlank(raw.codePointAt(at));
      }
      return switch (raw.charAt(at + 1)) {
        case 'n', 't', 'r', ' ', '\t', '\n', '\r' -> false;
        case 'x', 'u', 'U' -> !isBlank(Integer.parseInt(raw, at + 2, at + length(), 16));
        default -> true;
      };
    }

    private boolean isEscape() {
      return style == ScalarStyle.DOUBLE_QUOTED && raw.charAt(at) == '\\' && at + 1 < raw.length();
    }

    private void step(int codePoints) {
      for (int i = 0; i < codePoints && at < raw.length(); i++) {
        int c = raw.codePointAt(at);
        at += Character.charCount(c);
        if (c == '\n' || c == '\r' && !raw.startsWith("\n", at)) {
          line++;
          column = 1;
        } else {
          column++;
        }
      }
    }
  }
}
