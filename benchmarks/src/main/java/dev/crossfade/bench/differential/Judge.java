package dev.crossfade.bench.differential;

import dev.crossfade.bench.differential.Answer.Column;
import dev.crossfade.bench.differential.Answer.Rows;
import dev.crossfade.bench.differential.Grammar.Written;
import dev.crossfade.bench.differential.Node.Statement;
import dev.crossfade.bench.differential.Verdict.Difference;
import dev.crossfade.postgresql.plan.PlanMaker;
import dev.crossfade.postgresql.plan.PlanState;
import dev.crossfade.postgresql.plan.ReadPlan;
import dev.crossfade.sql.parse.Lexer;
import dev.crossfade.testkit.wire.Frame;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Asks both sides and compares. */
final class Judge {
  private static final int SHOWN_CHARS = 300;

  private final Asker old;
  private final Asker target;
  private final PlanMaker plans;

  /**
   * @param plans as a sidecar makes them
   */
  Judge(Asker old, Asker target, PlanMaker plans) {
    this.old = old;
    this.target = target;
    this.plans = plans;
  }

  Verdict judge(Written written) throws IOException {
    Statement statement = written.statement();
    return switch (old.ask(statement, new int[0], written.binary())) {
      case Answer.Failed(String sqlState, String message) ->
          new Verdict.NoQuestion(sqlState, message);
      case Answer.TooLong() -> new Verdict.NoQuestion("too many rows", "");
      case Rows expected ->
          switch (plans.make(statement.sql(), new int[0])) {
            case PlanState.Pending() -> throw new IOException("a server could not be asked");
            case PlanState.Refused refused -> new Verdict.Refused(refused.code(), refused.detail());
            case PlanState.Written _, PlanState.Movable _ ->
                throw new IllegalStateException("a read is planned as a write");
            case PlanState.Ready(ReadPlan plan) -> compare(written, statement, expected, plan);
          };
    };
  }

  private Verdict compare(Written written, Statement statement, Rows expected, ReadPlan plan)
      throws IOException {
    byte[] text = statement.sql().getBytes(StandardCharsets.UTF_8);
    byte[] translated = plan.translation().apply(text, new Lexer().lex(text, text.length));
    String sql = new String(translated, StandardCharsets.UTF_8);
    int[] types = plan.parameterTypesThere();
    Statement onNew = new Statement(sql, statement.parameters());
    return switch (target.ask(onNew, types, written.binary())) {
      case Answer.Failed(String sqlState, String message) ->
          new Verdict.Wrong(Difference.FAILS_ON_NEW, sql, sqlState + ": " + message);
      case Answer.TooLong() ->
          new Verdict.Wrong(
              Difference.ROWS, sql, expected.rows().size() + " rows on old, too many on new");
      case Rows found -> {
        Verdict columns = columns(sql, expected, found);
        yield columns != null ? columns : rows(sql, expected, found, written.ordered());
      }
    };
  }

  private static Verdict.@Nullable Wrong columns(String sql, Rows expected, Rows found) {
    if (expected.columns().equals(found.columns())) {
      return null;
    }
    Difference difference = Difference.MODIFIERS;
    if (!each(expected, Column::type).equals(each(found, Column::type))) {
      difference = Difference.TYPES;
    } else if (!each(expected, Column::name).equals(each(found, Column::name))) {
      difference = Difference.NAMES;
    }
    return new Verdict.Wrong(
        difference, sql, "old " + expected.columns() + ", new " + found.columns());
  }

  private static <T> List<T> each(Rows rows, Function<Column, T> part) {
    return rows.columns().stream().map(part).toList();
  }

  private static Verdict rows(String sql, Rows expected, Rows found, boolean ordered) {
    if (expected.rows().equals(found.rows())) {
      return new Verdict.Equal(expected.rows().size());
    }
    Map<Frame, Integer> missing = expected.multiset();
    Map<Frame, Integer> surplus = found.multiset();
    if (missing.equals(surplus)) {
      return ordered
          ? new Verdict.Wrong(Difference.ORDER, sql, "the same rows in another order")
          : new Verdict.Equal(expected.rows().size());
    }
    return new Verdict.Wrong(
        Difference.ROWS,
        sql,
        "%d rows on old, %d on new; only on old: %s; only on new: %s"
            .formatted(
                expected.rows().size(),
                found.rows().size(),
                first(missing, surplus),
                first(surplus, missing)));
  }

  /** The first row that comes more often here than there. */
  private static String first(Map<Frame, Integer> here, Map<Frame, Integer> there) {
    List<String> more = new ArrayList<>();
    here.forEach(
        (row, count) -> {
          if (more.isEmpty() && count > there.getOrDefault(row, 0)) {
            String shown = row.toString();
            more.add(shown.substring(0, Math.min(SHOWN_CHARS, shown.length())));
          }
        });
    return more.isEmpty() ? "none" : more.getFirst();
  }
}
