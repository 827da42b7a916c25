package dev.crossfade.postgresql.trace;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The span that a statement belongs to, as sqlcommenter writes it into a comment of the text:
 *
 * <pre>
 *   SELECT ... /*traceparent='00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'*&#47;
 *                             version, trace: 16 bytes, span: 8 bytes, flags: 1 is sampled
 * </pre>
 *
 * @see <a href="https://www.w3.org/TR/trace-context/#traceparent-header">Trace Context, 3.2</a>
 */
public record TraceParent(String traceId, String spanId) {
  private static final int COMMENTS_MAX = 8;
  private static final int COMMENT_MAX = 1_024;
  private static final Pattern FORM =
      Pattern.compile(
          "traceparent='(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})'");

  /**
   * Looks into the first comments of a text.
   *
   * @param borrowed holds the text from {@code start} to {@code end}
   * @return null where there is none, or it is not sampled
   */
  public static @Nullable TraceParent find(ByteBuf borrowed, int start, int end) {
    int at = start;
    for (int comments = 0; comments < COMMENTS_MAX; comments++) {
      int star = borrowed.indexOf(at, end, (byte) '*');
      if (star < 0) {
        return null;
      }
      at = star + 1;
      if (star > start && borrowed.getByte(star - 1) == '/') {
        int length = Math.min(COMMENT_MAX, end - at);
        TraceParent found = read(borrowed.toString(at, length, StandardCharsets.ISO_8859_1));
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  private static @Nullable TraceParent read(String text) {
    int end = text.indexOf("*/");
    Matcher matcher = FORM.matcher(end < 0 ? text : text.substring(0, end));
    boolean sampled = matcher.find() && (Integer.parseInt(matcher.group(3), 16) & 1) == 1;
    return sampled ? new TraceParent(matcher.group(1), matcher.group(2)) : null;
  }
}
