package dev.crossfade.postgresql.catalog;

import dev.crossfade.postgresql.plan.CarriedTypes;
import dev.crossfade.postgresql.plan.PlanMaker;
import dev.crossfade.postgresql.plan.PlanState;
import dev.crossfade.postgresql.plan.ReadPlan;
import dev.crossfade.postgresql.type.TypeMapping;
import dev.crossfade.sql.lens.Refusal;
import dev.crossfade.sql.lens.StatementAnalysis;
import dev.crossfade.sql.write.WriteAnalysis;
import dev.crossfade.sql.write.WriteAnalyzer;
import java.nio.charset.StandardCharsets;

/**
 * The plans of a session that speaks the old shape while new is the authority: old, whose tables
 * are still there, describes the original, new what is run instead.
 *
 * <p>What old itself refuses keeps old's error.
 */
public final class MovedPlans implements PlanMaker {
  private final PlanMaker reads;
  private final WriteAnalyzer writes;
  private final MetadataConnection old;
  private final MetadataConnection target;
  private final TypeJudge judge;

  /**
   * @param reads makes the plans of reads
   * @param types from old to new
   */
  public MovedPlans(
      PlanMaker reads,
      WriteAnalyzer writes,
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
    return switch (reads.make(sql, parameterTypes)) {
      case PlanState.Ready(ReadPlan plan) -> carried(plan);
      case PlanState.Refused refused -> write(sql, parameterTypes, refused);
      case PlanState.Pending pending -> pending;
      case PlanState.Written _, PlanState.Movable _ ->
          throw new IllegalStateException("a plan that is no read");
    };
  }

  private static PlanState carried(ReadPlan plan) {
    CarriedTypes types = plan.carried();
    return types != null && (types.changesParameters() || types.changesColumns())
        ? Refusals.of(Refusal.USER_TYPE.name(), "values that name the types of their parts")
        : new PlanState.Ready(plan);
  }

  private PlanState write(String sql, int[] parameterTypes, PlanState.Refused notRead) {
    if (!isWrite(notRead.code())) {
      return ask(sql, parameterTypes, notRead);
    }
    return switch (writes.analyze(sql)) {
      case WriteAnalysis.Written written ->
          new DescribedWrites(old, target, judge, true).plan(sql, parameterTypes, written);
      case WriteAnalysis.Refused(StatementAnalysis.Refused why) -> {
        boolean known = why.reason() != Refusal.PARSE_FAILED && why.reason() != Refusal.NOT_MAPPED;
        yield ask(sql, parameterTypes, known ? Refusals.of(why, sql) : notRead);
      }
    };
  }

  private static boolean isWrite(String code) {
    return code.equals(Refusal.NOT_A_READ.name()) || code.equals(Refusal.LOCKING_READ.name());
  }

  /** What is no statement for old either keeps old's own words. */
  private PlanState ask(String sql, int[] parameterTypes, PlanState.Refused refused) {
    if (refused.code().equals(Refusal.NOT_MAPPED.name())) {
      return refused;
    }
    try {
      old.describeAny(sql.getBytes(StandardCharsets.UTF_8), parameterTypes);
      return refused;
    } catch (MetadataException e) {
      return e.isRefused() ? Refusals.ofServer(e) : new PlanState.Pending();
    }
  }
}
