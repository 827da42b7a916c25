package dev.crossfade.postgresql.session;

import dev.crossfade.core.migration.MigrationFlags;
import dev.crossfade.core.migration.Side;
import dev.crossfade.core.migration.Stickiness;
import dev.crossfade.core.route.RouteDecision;
import dev.crossfade.core.route.RouteReason;
import dev.crossfade.core.route.TransactionSide;
import dev.crossfade.postgresql.command.CommandReader;
import dev.crossfade.postgresql.command.Row;
import dev.crossfade.postgresql.plan.Lenses;
import dev.crossfade.postgresql.plan.PlanKey;
import dev.crossfade.postgresql.plan.PlanState;
import dev.crossfade.postgresql.plan.ReadPlan;
import dev.crossfade.postgresql.session.StatementReader.Statement;
import dev.crossfade.postgresql.shape.ShapedSession;
import dev.crossfade.postgresql.wire.ClientEncoding;
import dev.crossfade.sql.parse.Fingerprint;
import dev.crossfade.sql.parse.Tokens;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What would become of a statement if the client sent it now: the planner's own questions in its
 * order, none of its consequences. Asking makes the plan, as the statement itself would.
 */
final class Explanation {
  private final Planner planner;
  private final byte[] sql;
  private final TransactionSide transaction;
  private final LocalPortal portal;
  private boolean asked;

  /** What becomes of it in a session that speaks the new shape; null while that is not known. */
  private @Nullable Map<String, String> inNewShape;

  private PlanState state = new PlanState.Pending();
  private RouteDecision decision = old(RouteReason.PLAN_PENDING);

  /**
   * @param sql the statement alone
   * @param portal what binds its parameters
   * @param transaction that it would be part of
   */
  Explanation(Planner planner, byte[] sql, LocalPortal portal, TransactionSide transaction) {
    this.planner = planner;
    this.sql = sql;
    this.portal = portal;
    this.transaction = transaction;
  }

  /** Asks; false when the answer is being made. */
  boolean isSettled() {
    ShapedSession shaped = planner.session().shaped();
    if (shaped != null) {
      inNewShape = shaped.explain(sql);
      decision = old(inNewShape == null ? RouteReason.PLAN_PENDING : RouteReason.NEW_SHAPE);
      return inNewShape != null;
    }
    Statement statement = planner.reader().read(sql);
    Lenses lenses = planner.router().lenses();
    decision = old(RouteReason.UNMAPPED);
    if (statement.isMapped() && lenses != null) {
      find(lenses);
      decision = statement.isPlainRead() ? ofRead() : old(notRead(statement));
    }
    return decision.reason() != RouteReason.PLAN_PENDING && !isBeingMade();
  }

  /** Whether there is to be a plan, and is not. */
  private boolean isBeingMade() {
    return asked && state instanceof PlanState.Pending;
  }

  private static RouteReason notRead(Statement statement) {
    return statement.count() > 1 ? RouteReason.MULTIPLE_STATEMENTS : RouteReason.NOT_A_READ;
  }

  private void find(Lenses lenses) {
    Tokens tokens = planner.reader().tokens();
    PlanKey key = new PlanKey(Fingerprint.of(sql, tokens), portal.statement().types());
    PlanState known = asked ? lenses.plans().peek(key) : null;
    asked = true;
    state =
        known == null
            ? lenses.plans().find(key, () -> new String(sql, StandardCharsets.UTF_8))
            : known;
  }

  private RouteDecision ofRead() {
    return switch (state) {
      case PlanState.Pending ignored -> old(RouteReason.PLAN_PENDING);
      case PlanState.Refused refused -> old(refused.reason());
      case PlanState.Movable movable -> old(movable.reason());
      case PlanState.Written _ -> old(RouteReason.NOT_A_READ);
      case PlanState.Ready(ReadPlan plan) ->
          portal.mayMeanMoment(plan.parametersAsSeen())
              ? old(RouteReason.NOT_TRANSLATABLE)
              : planner.router().foresee(plan, entity(plan), transaction);
    };
  }

  private @Nullable String entity(ReadPlan plan) {
    if (plan.pin() == null) {
      return null;
    }
    return plan.pin().parameter() > 0
        ? portal.parameter(plan.pin().parameter(), plan.parametersAsSeen())
        : planner.reader().entityKey(plan.pin());
  }

  /** The types of the parameters as far as they are known. */
  int[] parameterTypes() {
    int[] known =
        state instanceof PlanState.Ready(ReadPlan plan)
            ? plan.description().parameterTypes()
            : new int[0];
    LocalStatement statement = portal.statement();
    int[] all = Arrays.copyOf(statement.types(), statement.parameters());
    for (int i = 0; i < all.length; i++) {
      if (all[i] == 0) {
        all[i] = i < known.length ? known[i] : BindParameter.TEXT;
      }
    }
    return all;
  }

  /** The answer, as far as it is known now. */
  List<Row> rows(ClientEncoding encoding) {
    boolean settled = isSettled();
    Statement statement = planner.reader().read(sql);
    Tokens tokens = planner.reader().tokens();
    List<Row> rows = new ArrayList<>();
    if (CommandReader.read(tokens) != null) {
      rows.add(Row.of("statement", "CROSSFADE"));
      rows.add(Row.of("side", "sidecar"));
      return rows;
    }
    rows.add(Row.of("statement", statement.kind().name()));
    rows.add(Row.of("fingerprint", Fingerprint.of(sql, tokens).normalizedText()));
    if (decision.reason() != RouteReason.NEW_SHAPE) {
      rows.add(Row.of("tables", tables(tokens)));
    }
    rows.add(Row.of("side", decision.side().name().toLowerCase(Locale.ROOT)));
    rows.add(Row.of("reason", decision.reason().name()));
    if (!settled) {
      rows.add(Row.of("note", "the plan is still being made; ask again"));
    }
    if (inNewShape != null) {
      inNewShape.forEach((name, value) -> rows.add(Row.of(name, value)));
    }
    switch (state) {
      case PlanState.Refused refused -> refusal(rows, refused, tokens, encoding);
      case PlanState.Ready(ReadPlan plan) -> ready(rows, plan, tokens, encoding);
      case PlanState.Movable _ -> {
        planner.reader().migrationsNamed().forEach(name -> migration(rows, name, null));
        rows.add(Row.of("live", "translated"));
      }
      case PlanState.Pending _, PlanState.Written _ ->
          planner.reader().migrationsNamed().forEach(name -> migration(rows, name, null));
    }
    return rows;
  }

  private @Nullable String tables(Tokens tokens) {
    Lenses lenses = planner.router().lenses();
    Set<String> tables = new LinkedHashSet<>();
    for (int token = 0; token < tokens.count() && lenses != null; token++) {
      if (tokens.kind(token) == Tokens.IDENTIFIER
          || tokens.kind(token) == Tokens.QUOTED_IDENTIFIER) {
        String name = tokens.identifier(token);
        if (lenses.names().names().contains(name)) {
          tables.add(name);
        }
      }
    }
    return tables.isEmpty() ? null : String.join(", ", tables);
  }

  /** Of the reason only what stands in this very text: the detail may quote another's literals. */
  private void refusal(
      List<Row> rows, PlanState.Refused refused, Tokens tokens, ClientEncoding encoding) {
    planner.reader().migrationsNamed().forEach(name -> migration(rows, name, null));
    rows.add(Row.of("refused", refused.code()));
    int token = refused.token();
    if (token >= 0 && token < tokens.count()) {
      int start = tokens.start(token);
      rows.add(Row.of("position", Integer.toString(encoding.characters(sql, start) + 1)));
      rows.add(
          Row.of("near", new String(sql, start, tokens.end(token) - start, encoding.charset())));
    }
  }

  private void ready(List<Row> rows, ReadPlan plan, Tokens tokens, ClientEncoding encoding) {
    String entity = entity(plan);
    plan.migrations().stream().sorted().forEach(name -> migration(rows, name, entity));
    byte[] translated = plan.translation().apply(sql, tokens);
    rows.add(Row.of("translated", new String(translated, encoding.charset())));
  }

  private void migration(List<Row> rows, String name, @Nullable String entity) {
    MigrationFlags flags = planner.session().context().routing().flags().of(name);
    rows.add(Row.of("migration", name));
    if (flags == null) {
      return;
    }
    rows.add(Row.of("stage", flags.stage().name()));
    rows.add(Row.of("reads", flags.effectiveReads().toString()));
    rows.add(Row.of("stickiness", flags.stickiness().name().toLowerCase(Locale.ROOT)));
    rows.add(Row.of("freshness", flags.consistency().freshness().toString()));
    rows.add(Row.of("ack", flags.consistency().ack().toString()));
    if (flags.stickiness() == Stickiness.ENTITY && state instanceof PlanState.Ready) {
      rows.add(Row.of("entity", entity));
    }
    if (state instanceof PlanState.Ready) {
      rows.add(Row.of("bucket", Integer.toString(planner.router().bucket(flags, entity))));
    }
  }

  private static RouteDecision old(RouteReason reason) {
    return new RouteDecision(Side.OLD, reason);
  }
}
