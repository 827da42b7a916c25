package dev.crossfade.server.console.view;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A picture of some values over time, drawn on the server: SVG without text, so that it may be
 * stretched. Colours come from the style sheet by the name of each line.
 */
public final class Chart {
  private static final int WIDTH = 600;
  private static final int HEIGHT = 120;
  private static final double HEADROOM = 1.1;

  private Chart() {}

  /**
   * One line.
   *
   * @param name of the style sheet's class
   * @param values oldest first; null where nothing was measured
   */
  public record Line(String name, List<@Nullable Double> values) {}

  /** The highest value of all lines, with some room above; 0 when there is none. */
  public static double top(List<Line> lines) {
    return HEADROOM
        * lines.stream()
            .flatMap(line -> line.values().stream())
            .filter(Objects::nonNull)
            .mapToDouble(Double::doubleValue)
            .max()
            .orElse(0);
  }

  /**
   * @param top the value at the upper edge
   * @param places how many values the width has room for; the newest are at the right
   */
  public static String svg(List<Line> lines, double top, int places) {
    StringBuilder svg = new StringBuilder();
    svg.append(
        String.format(
            Locale.ROOT,
            "<svg class=\"chart\" viewBox=\"0 0 %d %d\" preserveAspectRatio=\"none\""
                + " aria-hidden=\"true\" focusable=\"false\">",
            WIDTH,
            HEIGHT));
    for (int quarter = 1; quarter < 4; quarter++) {
      int y = HEIGHT * quarter / 4;
      svg.append("<path class=\"grid\" d=\"M0 ").append(y).append("H").append(WIDTH).append("\"/>");
    }
    for (Line line : lines) {
      svg.append("<path class=\"line ").append(line.name()).append("\" d=\"");
      path(svg, line.values(), top, places);
      svg.append("\"/>");
    }
    return svg.append("</svg>").toString();
  }

  private static void path(
      StringBuilder svg, List<@Nullable Double> values, double top, int places) {
    int first = Math.max(0, values.size() - places);
    int offset = places - (values.size() - first);
    boolean draws = false;
    for (int i = first; i < values.size(); i++) {
      Double value = values.get(i);
      if (value == null || top <= 0) {
        draws = false;
        continue;
      }
      double x = (double) (offset + i - first) * WIDTH / Math.max(1, places - 1);
      double y = HEIGHT - Math.min(1, value / top) * (HEIGHT - 2) - 1;
      svg.append(String.format(Locale.ROOT, "%s%.1f %.1f", draws ? "L" : "M", x, y));
      draws = true;
    }
  }
}
