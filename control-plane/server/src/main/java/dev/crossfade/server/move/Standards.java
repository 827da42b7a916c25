package dev.crossfade.server.move;

import dev.crossfade.core.migration.Side;
import dev.crossfade.core.migration.Stage;
import dev.crossfade.core.schema.TableName;
import dev.crossfade.inspect.catalog.CatalogCheck;
import dev.crossfade.inspect.database.Database;
import dev.crossfade.inspect.database.QueryException;
import dev.crossfade.inspect.finding.Code;
import dev.crossfade.inspect.finding.Finding;
import dev.crossfade.inspect.finding.Severity;
import dev.crossfade.sql.catalog.CatalogTooLargeException;
import dev.crossfade.sql.lens.CaptureMode;
import dev.crossfade.sql.lens.CompiledLens;
import dev.crossfade.sql.lens.Sql;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a side's tables and the role that moves must be like. */
final class Standards {
  /** The first that the role does not own: what it makes and drops there needs an owner. */
  private static final String NOT_OWNED =
      """
      SELECT what FROM (
        SELECT 'schema crossfade' AS what, nspowner AS owner FROM pg_namespace WHERE nspname = 'crossfade'
        UNION ALL
        SELECT 'table ' || c.oid::regclass, c.relowner FROM pg_class AS c
        WHERE c.oid IN (SELECT to_regclass(name) FROM unnest(ARRAY[%s]::text[]) AS name)) AS owned
      WHERE NOT pg_has_role(owner, 'USAGE') ORDER BY what LIMIT 1
      """;

  private Standards() {}

  /** Whether old can refuse writes once new takes them. */
  static Optional<String> unfenced(CompiledLens lens) {
    return lens.capture() == CaptureMode.TRIGGERS
        ? Optional.empty()
        : Optional.of(
            "its file says 'capture: statements', so old has no fence that would refuse writes once"
                + " new takes them; it can go as far as RAMP, or let old have triggers: say"
                + " 'capture: triggers' and run 'ctl mirror install' again");
  }

  /** Whether new is fit to take writes: a key that nothing enforces, ids that nobody draws. */
  static Optional<String> unfit(MoveTarget target) throws QueryException, CatalogTooLargeException {
    try (Database old = target.open(Side.OLD);
        Database next = target.open(Side.NEW)) {
      List<Finding> findings =
          CatalogCheck.run(target.lens(), old, next).stream()
              .filter(finding -> isOfConcern(finding.code()))
              .toList();
      if (findings.isEmpty()) {
        return Optional.empty();
      }
      Finding first = findings.getFirst();
      String others = findings.size() == 1 ? "" : " (and " + (findings.size() - 1) + " more)";
      return Optional.of(
          first.place() + " " + first.message() + ": " + first.code().advice() + others);
    }
  }

  private static boolean isOfConcern(Code code) {
    return code == Code.SEQUENCE_DIFFERS
        || code.stage() == Stage.LIVE && code.severity() == Severity.BLOCKING;
  }

  /** Whether it may make old an archive and take capture away; half of that could not be undone. */
  static Optional<String> unowned(MoveTarget target) throws QueryException {
    for (Side side : Side.values()) {
      String what =
          target.ask(
              side, NOT_OWNED.formatted(names(side == Side.OLD ? target.oldTables() : List.of())));
      if (what != null) {
        return Optional.of(
            "the control plane's role on "
                + side.name().toLowerCase(Locale.ROOT)
                + " does not own "
                + what);
      }
    }
    return Optional.empty();
  }

  private static String names(Collection<TableName> tables) {
    return tables.stream()
        .map(table -> '\'' + Sql.quote(table).replace("'", "''") + '\'')
        .sorted()
        .collect(Collectors.joining(", "));
  }
}
