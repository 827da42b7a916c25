package dev.crossfade.bench.rollout.workload;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a log of PostgreSQL in CSV ({@code log_destination = csvlog}) with the statements in it
 * ({@code log_statement = all}, or {@code log_min_duration_statement = 0}). Of statements with
 * parameters the server tells the values in the column {@code detail}, as it does by default.
 */
final class CsvLog {
  private static final int SESSION_COLUMN = 5;
  private static final int MESSAGE_COLUMN = 13;
  private static final int DETAIL_COLUMN = 14;
  private static final Pattern STATEMENT =
      Pattern.compile(
          "(?:duration: [0-9.]+ ms  )?(?:statement|execute [^:]*): (.*)", Pattern.DOTALL);
  private static final Pattern PARAMETER = Pattern.compile("\\$[0-9]+ = (?:'((?:[^']|'')*)'|NULL)");

  private CsvLog() {}

  static List<Recording.Entry> read(String name, String text) throws WorkloadException {
    List<Recording.Entry> entries = new ArrayList<>();
    int records = 0;
    int at = 0;
    while (at < text.length()) {
      List<String> columns = new ArrayList<>();
      at = record(text, at, columns);
      records++;
      if (columns.size() <= DETAIL_COLUMN) {
        if (columns.size() == 1 && columns.getFirst().isBlank()) {
          continue;
        }
        throw new WorkloadException(
            name
                + ", record "
                + records
                + ": is neither a line of JSON nor one of PostgreSQL's log in CSV");
      }
      Matcher statement = STATEMENT.matcher(columns.get(MESSAGE_COLUMN));
      if (statement.matches()) {
        entries.add(
            new Recording.Entry(
                columns.get(SESSION_COLUMN),
                statement.group(1),
                parameters(columns.get(DETAIL_COLUMN))));
      }
    }
    return entries;
  }

  /**
   * Reads one record.
   *
   * @return where the next one begins
   */
  private static int record(String text, int from, List<String> columns) {
    StringBuilder column = new StringBuilder();
    boolean quoted = false;
    int at = from;
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '"') {
        if (quoted && at < text.length() && text.charAt(at) == '"') {
          column.append('"');
          at++;
        } else {
          quoted = !quoted;
        }
      } else if (c == ',' && !quoted) {
        columns.add(column.toString());
        column.setLength(0);
      } else if (c == '\n' && !quoted) {
        break;
      } else {
        column.append(c);
      }
    }
    columns.add(column.toString());
    return at;
  }

  private static List<@Nullable String> parameters(String detail) {
    List<@Nullable String> parameters = new ArrayList<>();
    if (detail.regionMatches(true, 0, "parameters: ", 0, 12)) {
      Matcher matcher = PARAMETER.matcher(detail);
      while (matcher.find()) {
        String value = matcher.group(1);
        parameters.add(value == null ? null : value.replace("''", "'"));
      }
    }
    return parameters;
  }
}
