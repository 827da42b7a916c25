package dev.crossfade.cli;

import dev.crossfade.api.v1.AnswerTime;
import dev.crossfade.api.v1.Query;
import dev.crossfade.api.v1.QueryKind;
import dev.crossfade.api.v1.SequentialScan;
import dev.crossfade.api.v1.TranslationRefusal;
import dev.crossfade.api.v1.TranslationStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * One statement of the readiness report, for people:
 *
 * <pre>
 * SYSTEM_COLUMN: new's rows have other system columns; blocks SHADOW, RAMP, LIVE
 *   shop, read, 12 times, last 2026-01-31 12:00:00, old p50 0.4 ms p99 1.3 ms
 *   select ctid from customers where id = ?4
 *          ^
 * </pre>
 */
final class QueryText {
  private static final int WIDTH = 110;
  private static final int BEFORE_CARET = 70;
  private static final String INDENT = "  ";
  private static final String ELLIPSIS = "… ";

  private QueryText() {}

  static List<String> lines(Query query) {
    List<String> lines = new ArrayList<>();
    lines.add(heading(query));
    lines.add(INDENT + facts(query));
    addText(lines, query);
    query.getScansList().forEach(scan -> addScan(lines, scan));
    return lines;
  }

  private static String heading(Query query) {
    String stages =
        query.getBlocksList().stream().map(Show::stage).collect(Collectors.joining(", "));
    return standing(query) + (stages.isEmpty() ? "" : "; blocks " + stages);
  }

  private static String standing(Query query) {
    if (query.getStatus() == TranslationStatus.TRANSLATION_STATUS_TRANSLATED) {
      return query.getScansCount() > 0 ? "an index is missing on new" : "translated";
    }
    if (query.getStatus() != TranslationStatus.TRANSLATION_STATUS_REFUSED) {
      return "its plan is being made";
    }
    TranslationRefusal refusal = query.getRefusal();
    String detail = refusal.getDetail().isEmpty() ? "" : " (" + refusal.getDetail() + ")";
    String meaning = meaning(refusal.getCode());
    return refusal.getCode() + detail + (meaning.isEmpty() ? "" : ": " + meaning);
  }

  /** What a code of the sidecar means; empty for one of a later version. */
  private static String meaning(String code) {
    return switch (code) {
      case "PARSE_FAILED" -> "its syntax is not known";
      case "NOT_A_READ" -> "it is no plain read";
      case "NOT_MAPPED" -> "it concerns no mapped table";
      case "MIXED_TABLES" -> "it reads a table that new does not have";
      case "SYSTEM_COLUMN" -> "new's rows have other system columns";
      case "LOCKING_READ" -> "a lock is wanted where the writes go";
      case "NOT_WRITABLE" -> "the lens does not say what it is on new";
      case "UNSUPPORTED_SYNTAX" -> "this form of it is not translated";
      case "MULTIPLE_STATEMENTS" -> "it is several statements in one text";
      case "VOLATILE_FUNCTION" -> "it calls what differs every time or leaves a trace";
      case "UNKNOWN_FUNCTION" -> "it calls what is not known to be built in and steady";
      case "SERVER_DEPENDENT" -> "it asks something about the server or the session";
      case "CLOCK" -> "it depends on the time of the server";
      case "WHOLE_ROW" -> "a table's name is used as a value";
      case "QUALIFIED_COLUMN" -> "a schema stands before a column";
      case "USER_TYPE" -> "it has a type of a user's that is not the same on both sides";
      case "TYPES_DIFFER" -> "its result has other types on new";
      case "OLD_REFUSED" -> "old does not take it";
      case "SERVER_REFUSED" -> "new does not take its translation";
      case "FAILS_ON_NEW" -> "its translation fails on new";
      case "TOO_LARGE", "TOO_DEEP" -> "it is over a limit of the sidecar";
      default -> "";
    };
  }

  private static String facts(Query query) {
    StringBuilder facts = new StringBuilder(query.getService());
    facts.append(", ").append(kind(query.getKind()));
    facts.append(", ").append(query.getExecutions()).append(" times");
    facts.append(", last ").append(Show.time(query.getLastSeen()));
    if (query.hasOnOld()) {
      facts.append(", old ").append(time(query.getOnOld()));
    }
    if (query.hasOnNew()) {
      facts.append(", new ").append(time(query.getOnNew()));
    }
    return facts.toString();
  }

  private static String kind(QueryKind kind) {
    return switch (kind) {
      case QUERY_KIND_READ -> "read";
      case QUERY_KIND_WRITE -> "write";
      case QUERY_KIND_OTHER, QUERY_KIND_UNSPECIFIED, UNRECOGNIZED -> "other";
    };
  }

  private static String time(AnswerTime time) {
    return "p50 " + millis(time.getP50Micros()) + " p99 " + millis(time.getP99Micros());
  }

  private static String millis(long micros) {
    return String.format(Locale.ROOT, micros < 10_000 ? "%.2f ms" : "%.0f ms", micros / 1000.0);
  }

  /** On one line, the part around the place of the reason. */
  private static void addText(List<String> lines, Query query) {
    String text = printable(query.getText());
    boolean marked = query.hasRefusal() && query.getRefusal().hasOffset();
    int caret =
        marked
            ? Math.clamp(query.getRefusal().getOffset(), 0, text.codePointCount(0, text.length()))
            : 0;
    int from = Math.max(0, caret - BEFORE_CARET);
    String front = from == 0 ? "" : ELLIPSIS;
    String part = text.substring(text.offsetByCodePoints(0, from));
    if (part.codePointCount(0, part.length()) > WIDTH) {
      part = part.substring(0, part.offsetByCodePoints(0, WIDTH)) + " …";
    }
    lines.add(INDENT + front + part);
    if (marked) {
      lines.add(INDENT + " ".repeat(front.length() + caret - from) + "^");
    }
  }

  /** A quoted name may hold anything, also what a terminal obeys. */
  private static String printable(String text) {
    return text.codePoints()
        .map(c -> Character.isISOControl(c) ? ' ' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static void addScan(List<String> lines, SequentialScan scan) {
    String columns = String.join(", ", scan.getConditionColumnsList());
    lines.add(
        INDENT
            + "reads all of "
            + scan.getTable()
            + " ("
            + (scan.getSizeBytes() >> 20)
            + " MiB) on new"
            + (columns.isEmpty() ? "" : " for a condition on " + columns));
    if (!scan.getProposal().isEmpty()) {
      lines.add(INDENT + scan.getProposal());
    } else if (scan.getColumnsCount() > 0) {
      lines.add(INDENT + "an index begins with such a column, and new's planner does not use it");
    } else if (!columns.isEmpty()) {
      lines.add(
          INDENT + "the condition computes with columns: an index on an expression might help");
    }
  }
}
