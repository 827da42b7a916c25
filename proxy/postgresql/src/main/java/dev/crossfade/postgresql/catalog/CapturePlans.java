package dev.crossfade.postgresql.catalog;

import dev.crossfade.core.route.RouteReason;
import dev.crossfade.postgresql.plan.PlanMaker;
import dev.crossfade.postgresql.plan.PlanState;
import dev.crossfade.postgresql.plan.WritePlan;
import dev.crossfade.postgresql.wire.RowDescription;
import dev.crossfade.sql.write.CaptureAnalysis;
import dev.crossfade.sql.write.CaptureAnalyzer;
import dev.crossfade.sql.write.WriteTranslation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The plans of writes to watched tables: what logs them is added. Old is asked only what the
 * columns of a RETURNING are called, and what is wrong with a statement that is not understood.
 */
public final class CapturePlans implements PlanMaker {
  private final CaptureAnalyzer analyzer;
  private final MetadataConnection old;

  public CapturePlans(CaptureAnalyzer analyzer, MetadataConnection old) {
    this.analyzer = analyzer;
    this.old = old;
  }

  @Override
  public PlanState make(String sql, int[] parameterTypes) {
    byte[] text = sql.getBytes(StandardCharsets.UTF_8);
    return switch (analyzer.analyze(sql)) {
      case CaptureAnalysis.Untouched _ -> Refusals.of("NOT_MAPPED", "it changes no watched table");
      case CaptureAnalysis.Refused refused -> ask(text, parameterTypes, refused);
      case CaptureAnalysis.Logged(WriteTranslation translation) ->
          written(translation, parameterTypes);
      case CaptureAnalysis.Returning(CaptureAnalysis.Named named) -> {
        try {
          RowDescription rows = old.describeAny(text, parameterTypes).rows();
          yield rows == null
              ? Refusals.of("NO_ROWS", "old says that it returns no rows")
              : written(named.with(names(rows)), parameterTypes);
        } catch (MetadataException e) {
          yield e.isRefused() ? Refusals.ofServer(e) : new PlanState.Pending();
        }
      }
    };
  }

  private static PlanState written(WriteTranslation translation, int[] parameterTypes) {
    return new PlanState.Written(new WritePlan(Set.of(), translation, parameterTypes, null));
  }

  private static List<String> names(RowDescription rows) {
    List<String> names = new ArrayList<>();
    for (int column = 0; column < rows.columns(); column++) {
      names.add(rows.name(column));
    }
    return names;
  }

  /** What is no statement for old either keeps old's own words. */
  private PlanState ask(byte[] text, int[] parameterTypes, CaptureAnalysis.Refused refused) {
    try {
      old.describeAny(text, parameterTypes);
      return new PlanState.Refused(
          RouteReason.NOT_TRANSLATABLE,
          PlanState.Consequence.MAY_WRITE,
          refused.code(),
          refused.token(),
          refused.detail());
    } catch (MetadataException e) {
      return e.isRefused() ? Refusals.ofServer(e) : new PlanState.Pending();
    }
  }
}
