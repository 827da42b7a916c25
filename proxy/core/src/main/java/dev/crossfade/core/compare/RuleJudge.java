package dev.crossfade.core.compare;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whether a rule calls two texts equal. What it cannot read is equal only to itself. */
final class RuleJudge {
  private static final Pattern MOMENT =
      Pattern.compile(
          "(\\d{4}-\\d{2}-\\d{2})(?:[ T](\\d{2}:\\d{2}(?::\\d{2}(?:\\.\\d{1,9})?)?))?"
              + "(?: ?(Z|[+-]\\d{2}(?::?\\d{2})?))?");

  private RuleJudge() {}

  static boolean equal(ColumnRule rule, String value, String other) {
    return switch (rule) {
      case ColumnRule.Ignore() -> true;
      case ColumnRule.Tolerance(BigDecimal most) -> isWithin(most, value, other);
      case ColumnRule.Unordered() -> {
        List<String> elements = elements(value);
        yield elements != null && elements.equals(elements(other));
      }
      case ColumnRule.SameMoment(ZoneId zone) -> {
        Instant moment = moment(value, zone);
        yield moment != null && moment.equals(moment(other, zone));
      }
    };
  }

  private static boolean isWithin(BigDecimal most, String value, String other) {
    try {
      return new BigDecimal(value).subtract(new BigDecimal(other)).abs().compareTo(most) <= 0;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static @Nullable Instant moment(String text, ZoneId zone) {
    Matcher parts = MOMENT.matcher(text.strip());
    if (!parts.matches()) {
      return null;
    }
    try {
      LocalDate day = LocalDate.parse(parts.group(1));
      String time = parts.group(2) == null ? "00:00" : parts.group(2);
      LocalDateTime local = LocalDateTime.parse(day + "T" + time);
      String offset = parts.group(3);
      if (offset == null) {
        return local.atZone(zone).toInstant();
      }
      String full =
          offset.length() == 5 ? offset.substring(0, 3) + ':' + offset.substring(3) : offset;
      return OffsetDateTime.of(local, java.time.ZoneOffset.of(full)).toInstant();
    } catch (DateTimeException e) {
      return null;
    }
  }

  /**
   * The elements of an array of one dimension as the server writes it, sorted; null where it is
   * none.
   */
  private static @Nullable List<String> elements(String text) {
    if (!text.startsWith("{") || !text.endsWith("}")) {
      return null;
    }
    List<String> elements = new ArrayList<>();
    StringBuilder element = new StringBuilder();
    boolean quoted = false;
    for (int i = 1; i < text.length() - 1; i++) {
      char c = text.charAt(i);
      if (c == '\\' && quoted) {
        element.append(c).append(text.charAt(++i));
      } else if (c == '{' && !quoted) {
        return null;
      } else if (c == ',' && !quoted) {
        elements.add(element.toString());
        element.setLength(0);
      } else {
        quoted ^= c == '"';
        element.append(c);
      }
    }
    elements.add(element.toString());
    Collections.sort(elements);
    return elements;
  }
}
