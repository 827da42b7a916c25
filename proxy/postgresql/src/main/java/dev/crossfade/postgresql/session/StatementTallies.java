package dev.crossfade.postgresql.session;

import dev.crossfade.postgresql.inventory.QueryInventory;
import dev.crossfade.postgresql.inventory.QueryTally;
import dev.crossfade.postgresql.plan.Lenses;
import dev.crossfade.postgresql.plan.Moved;
import dev.crossfade.postgresql.plan.PlanCache;
import dev.crossfade.postgresql.plan.PlanKey;
import dev.crossfade.postgresql.session.StatementReader.Statement;
import dev.crossfade.sql.parse.MappedNames;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Where the statements of one session are counted. */
final class StatementTallies {
  private final ClientSession session;
  private final StatementReader reader;
  private final SessionRouter router;

  StatementTallies(ClientSession session, StatementReader reader, SessionRouter router) {
    this.session = session;
    this.reader = reader;
    this.router = router;
  }

  /**
   * @param statement what the reader has read last, of a simple Query
   * @return null where it is not counted by itself
   */
  @Nullable QueryTally of(Statement statement) {
    Lenses lenses = router.lenses();
    return statement.isMapped() && lenses != null && router.isOfOldDatabase()
        ? find(statement, lenses, new int[0])
        : null;
  }

  /** Reads the statement, the first time. */
  @Nullable QueryTally of(@Nullable PreparedStatement statement) {
    Lenses lenses = router.lenses();
    if (statement == null || lenses == null || !router.isOfOldDatabase()) {
      return null;
    }
    if (statement.isTallied(lenses.generation())) {
      QueryTally tally = statement.tally();
      if (tally != null) {
        planAhead(tally.key(), () -> text(statement));
      }
      if (tally != null && !statement.isMapped() && lenses.plans().peek(tally.key()) == null) {
        lenses.plans().find(tally.key(), () -> text(statement));
      }
      return tally;
    }
    Statement text = reader.read(statement.sql());
    if (!text.isMapped()) {
      statement.tally(lenses.generation(), null);
      return null;
    }
    QueryTally found = find(text, lenses, statement.parameterTypes());
    if (found != null) {
      statement.tally(lenses.generation(), found);
    }
    return found;
  }

  /** What the lexer may have misread could hold a literal among its words: it has no tally. */
  private @Nullable QueryTally find(Statement statement, Lenses lenses, int[] parameterTypes) {
    QueryInventory inventory = session.context().meters().inventory();
    if (!reader.tokens().wellFormed() || !session.state().settings().isReadable()) {
      inventory.unlisted();
      return null;
    }
    PlanKey key = reader.key(parameterTypes);
    if (planAhead(key, reader::string)) {
      permitAhead(lenses);
    }
    if (!statement.isPlainRead() && lenses.plans().peek(key) == null) {
      // Of what is the authority's anyway the plan says whether it can be moved: nobody else asks.
      lenses.plans().find(key, reader::string);
    }
    QueryTally known = inventory.peek(key.fingerprint());
    QueryTally tally =
        known != null && known.generation() >= lenses.generation()
            ? known
            : inventory.find(key, lenses.generation(), () -> sighting(statement));
    if (tally != null && reader.length() > PlanCache.MAX_STATEMENT_BYTES) {
      tally.tooLarge();
    }
    return tally;
  }

  /**
   * Where the authority may move at any time, it is found out before what a statement becomes then:
   * or the first one of each kind would wait for that, and writers behind it.
   *
   * @return whether it is the first one
   */
  private boolean planAhead(PlanKey key, Supplier<String> sql) {
    PlanCache plans = session.context().routing().plansOfMove();
    if (plans == null || plans.peek(key) != null) {
      return false;
    }
    plans.find(key, sql);
    return true;
  }

  /** The same of what old has to be asked then: whether its user may do that. */
  private void permitAhead(Lenses lenses) {
    lenses
        .namesByMigration()
        .forEach(
            (migration, names) -> {
              MovedContents contents = new MovedContents();
              Moved moved = new Moved(names, Map.of(migration, names), MappedNames.of(Set.of()));
              contents.add(reader, moved, name -> false);
              if (!contents.tables().isEmpty()) {
                session
                    .context()
                    .permission()
                    .mayDo(
                        session.startup().user(),
                        migration,
                        contents.tables(),
                        contents.privileges());
              }
            });
  }

  private static String text(PreparedStatement statement) {
    return new String(statement.sql(), StandardCharsets.UTF_8);
  }

  private QueryTally.Sighting sighting(Statement statement) {
    QueryTally.Kind kind =
        statement.isPlainRead()
            ? QueryTally.Kind.READ
            : reader.mayWrite() ? QueryTally.Kind.WRITE : QueryTally.Kind.OTHER;
    return new QueryTally.Sighting(reader.migrationsNamed(), kind);
  }
}
