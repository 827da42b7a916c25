package dev.crossfade.postgresql.catalog;

import dev.crossfade.core.route.RouteReason;
import dev.crossfade.postgresql.plan.PlanMaker;
import dev.crossfade.postgresql.plan.PlanState;
import dev.crossfade.postgresql.type.TypeMapping;
import dev.crossfade.sql.lens.Refusal;
import dev.crossfade.sql.lens.StatementAnalysis;
import dev.crossfade.sql.write.WriteAnalysis;
import dev.crossfade.sql.write.WriteAnalyzer;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The plans of a session that speaks the old shape while old is the authority. Of a statement that
 * is the authority's for what it does beside reading there is no plan to run: it is translated and
 * described all the same, so that it is known before the authority moves what would become of it.
 */
public final class OldShapePlans implements PlanMaker {
  /** SQLSTATEs of what is wrong with a value: the next text may hold another one. */
  private static final String DATA_EXCEPTION = "22";

  private final PlanMaker reads;
  private final Supplier<WriteAnalyzer> writes;
  private final MetadataConnection old;
  private final MetadataConnection target;
  private final TypeJudge judge;
  private @Nullable WriteAnalyzer analyzer;

  /**
   * @param reads makes the plans of what may be read from new
   * @param writes of the old shape, on new; asked for when the first of them is planned
   * @param types from old to new
   */
  public OldShapePlans(
      PlanMaker reads,
      Supplier<WriteAnalyzer> writes,
      MetadataConnection old,
      MetadataConnection target,
      TypeMapping types) {
    this.reads = reads;
    this.writes = writes;
    this.old = old;
    this.target = target;
    this.judge = new TypeJudge(types);
  }

  @Override
  public PlanState make(String sql, int[] parameterTypes) {
    PlanState asRead = reads.make(sql, parameterTypes);
    return asRead instanceof PlanState.Refused notRead && notRead.reason() == RouteReason.NOT_A_READ
        ? known(sql, parameterTypes, notRead)
        : asRead;
  }

  /** A defect here says nothing of the route, which is known already. */
  private PlanState known(String sql, int[] parameterTypes, PlanState.Refused notRead) {
    try {
      return write(sql, parameterTypes, notRead);
    } catch (RuntimeException | StackOverflowError e) {
      return instead(notRead, Refusals.of("PLANNER_FAILED", String.valueOf(e)));
    }
  }

  private synchronized WriteAnalyzer analyzer() {
    WriteAnalyzer made = analyzer == null ? writes.get() : analyzer;
    analyzer = made;
    return made;
  }

  private PlanState write(String sql, int[] parameterTypes, PlanState.Refused notRead) {
    return switch (analyzer().analyze(sql)) {
      case WriteAnalysis.Written written ->
          switch (new DescribedWrites(old, target, judge, true)
              .plan(sql, parameterTypes, written)) {
            case PlanState.Refused refused when refused.serverError() == null ->
                instead(notRead, refused);
            case PlanState.Refused _ -> ask(sql, parameterTypes, notRead, notRead);
            case PlanState.Pending pending -> pending;
            case PlanState.Written _, PlanState.Ready _, PlanState.Movable _ ->
                new PlanState.Movable(notRead.reason(), notRead.consequence());
          };
      case WriteAnalysis.Refused(StatementAnalysis.Refused why) ->
          ask(sql, parameterTypes, notRead, refused(sql, notRead, why));
    };
  }

  private static PlanState.Refused refused(
      String sql, PlanState.Refused notRead, StatementAnalysis.Refused why) {
    if (why.offset() == 0 && why.reason() == Refusal.PARSE_FAILED) {
      // It is none of the statements that the translator of writes knows.
      return notRead;
    }
    boolean oneOfSeveral = why.offset() > 0 && why.reason() == Refusal.NOT_MAPPED;
    StatementAnalysis.Refused told =
        oneOfSeveral
            ? new StatementAnalysis.Refused(Refusal.MIXED_TABLES, why.offset(), why.detail())
            : why;
    return instead(notRead, Refusals.of(told, sql));
  }

  /** What is no statement for old either is missed by nobody. */
  private PlanState ask(
      String sql, int[] parameterTypes, PlanState.Refused notRead, PlanState.Refused refused) {
    try {
      old.describeAny(sql.getBytes(StandardCharsets.UTF_8), parameterTypes);
      return refused;
    } catch (MetadataException e) {
      if (!e.isRefused()) {
        return refused;
      }
      return e.sqlState().startsWith(DATA_EXCEPTION)
          ? new PlanState.Pending()
          : instead(notRead, Refusals.of("OLD_REFUSED", e.reason()));
    }
  }

  /** It is routed as what is no read; what is told of it is why it cannot be carried out on new. */
  private static PlanState.Refused instead(PlanState.Refused notRead, PlanState.Refused why) {
    return new PlanState.Refused(
        notRead.reason(), notRead.consequence(), why.code(), why.token(), why.detail());
  }
}
