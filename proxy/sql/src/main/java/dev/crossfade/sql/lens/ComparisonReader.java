package dev.crossfade.sql.lens;

import dev.crossfade.core.compare.ColumnRule;
import dev.crossfade.core.compare.ComparisonRules;
import dev.crossfade.core.compare.ComparisonRules.Values;
import dev.crossfade.core.migration.ReadShare;
import dev.crossfade.sql.yaml.YamlNode;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what a migration file says of how reads are compared. */
final class ComparisonReader {
  private static final int MOST_COLUMNS = 200;

  private final YamlNode comparison;

  ComparisonReader(YamlNode comparison) {
    this.comparison = comparison;
  }

  ComparisonRules read() {
    comparison.allowKeys(Level.COMPARISON.keys());
    Values values =
        Values.valueOf(
            comparison
                .oneOf("values", Set.of("none", "hashed", "clear"), "none")
                .toUpperCase(Locale.ROOT));
    Map<String, ColumnRule> columns = new LinkedHashMap<>();
    YamlNode rules = comparison.child("columns");
    rules
        .children()
        .forEach(
            (name, node) -> {
              ColumnRule rule = rule(node);
              if (rule != null) {
                columns.put(name, rule);
              }
            });
    if (columns.size() > MOST_COLUMNS) {
      rules.report(columns.size() + " columns; at most " + MOST_COLUMNS + " can have a rule");
    }
    return new ComparisonRules(share(), values, comparison.bool("keys", true), List.of(), columns);
  }

  private ReadShare share() {
    try {
      return ReadShare.parse(comparison.optionalString("share", "100%"));
    } catch (IllegalArgumentException e) {
      comparison.child("share").report(String.valueOf(e.getMessage()));
      return ReadShare.ALL;
    }
  }

  /** Null where there is none that could be read. */
  private static @Nullable ColumnRule rule(YamlNode column) {
    column.allowKeys(Level.COMPARED_COLUMN.keys());
    List<String> given =
        Level.COMPARED_COLUMN.keys().stream().filter(key -> has(column, key)).toList();
    if (given.size() != 1) {
      column.report(
          given.isEmpty()
              ? "no rule; give tolerance, ignore: true, unordered: true or timeZone"
              : String.join(" and ", given) + "; a column has one rule");
      return null;
    }
    return switch (given.getFirst()) {
      case "tolerance" -> tolerance(column);
      case "ignore" -> new ColumnRule.Ignore();
      case "unordered" -> new ColumnRule.Unordered();
      default -> moment(column);
    };
  }

  /** A flag that is false is as good as none. */
  private static boolean has(YamlNode column, String key) {
    boolean flag = key.equals("ignore") || key.equals("unordered");
    return flag ? column.bool(key, false) : column.child(key).isPresent();
  }

  private static @Nullable ColumnRule tolerance(YamlNode column) {
    String text = column.requiredString("tolerance");
    try {
      BigDecimal most = new BigDecimal(text.strip());
      if (most.signum() > 0) {
        return new ColumnRule.Tolerance(most);
      }
    } catch (NumberFormatException e) {
      // Told below, like a number out of range.
    }
    column.child("tolerance").report("\"" + text + "\" is not usable; a number above 0 is");
    return null;
  }

  private static @Nullable ColumnRule moment(YamlNode column) {
    String text = column.requiredString("timeZone");
    try {
      return new ColumnRule.SameMoment(ZoneId.of(text.strip()));
    } catch (DateTimeException e) {
      column
          .child("timeZone")
          .report("\"" + text + "\" is no time zone; one such as UTC or Europe/Berlin is");
      return null;
    }
  }
}
