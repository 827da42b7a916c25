package dev.crossfade.postgresql.session;

import dev.crossfade.core.route.TransactionSide;
import dev.crossfade.postgresql.plan.Routing;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a session has told the authority that later batches depend on: its transaction, settings and
 * prepared statements.
 *
 * <pre>
 * NONE --BEGIN READ ONLY--> READ_ONLY_UNDECIDED --read from new--> READ_ONLY_NEW
 *   |                              '----------any other statement--> READ_ONLY_OLD
 *   '--other BEGIN, or failed--> AUTHORITY
 * any --ReadyForQuery 'I'--> NONE
 * </pre>
 */
final class SessionState {
  /** Prepared statements over this are not remembered: old answers them. */
  private static final int MAX_STATEMENT_BYTES = 1 << 20;

  private final SessionSettings settings = new SessionSettings();
  private final Map<String, PreparedStatement> statements = new HashMap<>();
  private final Set<String> writersInSql = new HashSet<>();
  private final int maxStatements;
  private final MemoryBudget budget;
  private final Freshness freshness;
  private final TransactionLog log = new TransactionLog();
  private final ReadSampling sampling = new ReadSampling();
  private int statementBytes;
  private int removals;
  private boolean forgotWriter;
  private boolean forgotMapped;
  private boolean forgotSpare;
  private int forgottenGeneration;
  private TransactionSide transaction = TransactionSide.NONE;
  private byte status = 'I';

  /**
   * @param maxStatements that are remembered
   * @param budget for their texts, shared with all sessions
   * @param routing what all sessions route by
   */
  SessionState(int maxStatements, MemoryBudget budget, Routing routing) {
    this.maxStatements = maxStatements;
    this.budget = budget;
    this.freshness = new Freshness(routing);
  }

  static SessionState of(ProxyContext context) {
    return new SessionState(
        context.limits().statements(), context.statementBudget(), context.routing());
  }

  Freshness freshness() {
    return freshness;
  }

  /** What is to be compared of the batch that is being sent. */
  ReadSampling sampling() {
    return sampling;
  }

  /** What the transaction at hand has said of itself. */
  TransactionLog log() {
    return log;
  }

  SessionSettings settings() {
    return settings;
  }

  TransactionSide transaction() {
    return transaction;
  }

  /** As of the authority's last ReadyForQuery. */
  byte status() {
    return status;
  }

  boolean hasStatements() {
    return !statements.isEmpty();
  }

  @Nullable PreparedStatement statement(String name) {
    return statements.get(name);
  }

  /** Remembers what a name stands for now; null: nothing that matters here. */
  void prepared(String name, @Nullable PreparedStatement statement) {
    closed(name);
    if (statement == null) {
      return;
    }
    if (!hasRoom(statement)) {
      forget(statement);
      return;
    }
    statements.put(name, statement);
    statementBytes += statement.weight();
  }

  /** What may never matter leaves half of the room to what does. */
  private boolean hasRoom(PreparedStatement statement) {
    int weight = statement.weight();
    int part = statement.isSpare() ? 2 : 1;
    return statements.size() < maxStatements / part
        && statementBytes + weight <= MAX_STATEMENT_BYTES / part
        && (part == 1 ? budget.take(weight) : budget.takeOfHalf(weight));
  }

  private void forget(PreparedStatement statement) {
    forgotWriter |= statement.isWriter();
    forgotMapped |= statement.isMapped();
    if (statement.isSpare()) {
      forgotMapped |= forgotSpare && forgottenGeneration != statement.mappedGeneration();
      forgottenGeneration = statement.mappedGeneration();
      forgotSpare = true;
    }
    if (statement.effect() != null) {
      settings.pin();
    }
  }

  /**
   * Whether a statement that is not remembered may read a mapped table.
   *
   * @param generation of the lenses in force
   */
  boolean mayHaveForgottenMapped(int generation) {
    return forgotMapped || forgotSpare && forgottenGeneration != generation;
  }

  void closed(String name) {
    PreparedStatement gone = statements.remove(name);
    if (gone != null) {
      statementBytes -= gone.weight();
      budget.giveBack(gone.weight());
      removals++;
    }
  }

  /**
   * The unnamed statement may be no more. A read is old's from now on, which knows; what may write
   * or set something is remembered.
   */
  void doubtUnnamed() {
    PreparedStatement unnamed = statements.get("");
    if (unnamed != null && !unnamed.isWriter() && unnamed.effect() == null) {
      closed("");
    }
  }

  /** Old has it no longer, though the client has not closed it. */
  void lostOnOld(String name) {
    PreparedStatement statement = statements.get(name);
    if (statement != null) {
      statement.onOld(false);
    }
  }

  /** No statement is there any more; also at the end of the session. */
  void closeAll() {
    sampling.forget();
    statements.clear();
    budget.giveBack(statementBytes);
    statementBytes = 0;
    forgotMapped = false;
    forgotSpare = false;
    removals++;
  }

  /** Grows with every statement that is no more. */
  int removals() {
    return removals;
  }

  /** Whether there was a statement that may write, and that could not be remembered. */
  boolean forgotWriter() {
    return forgotWriter;
  }

  /** PREPARE, as an SQL statement, of something that may write tables of these migrations. */
  void preparedInSql(List<String> migrations) {
    writersInSql.addAll(migrations);
  }

  /** What EXECUTE may write. */
  Set<String> writersInSql() {
    return writersInSql;
  }

  Collection<PreparedStatement> statements() {
    return statements.values();
  }

  /** A read of a READ ONLY transaction went to new: the rest of it follows. */
  void readOnNew() {
    if (transaction == TransactionSide.READ_ONLY_UNDECIDED) {
      transaction = TransactionSide.READ_ONLY_NEW;
    }
  }

  /**
   * The authority is ready again.
   *
   * @param status of ReadyForQuery
   * @param exchange that it answered
   */
  void ready(byte status, Exchange exchange) {
    this.status = status;
    SessionEffect effect = exchange.failed() ? ofFailed(exchange.effect()) : exchange.effect();
    boolean wasIn = transaction != TransactionSide.NONE;
    transaction =
        switch (status) {
          case 'I' -> TransactionSide.NONE;
          case 'T' -> within(effect);
          default -> TransactionSide.AUTHORITY;
        };
    note(exchange);
    if (effect != null) {
      apply(effect, transaction != TransactionSide.NONE);
    }
    if (wasIn && transaction == TransactionSide.NONE) {
      settings.transactionEnded(effect instanceof SessionEffect.Commit && exchange.committed());
    }
  }

  private void note(Exchange exchange) {
    if (transaction == TransactionSide.NONE) {
      log.ended();
    } else if (!exchange.failed()) {
      exchange.said().controls().forEach(log::says);
      if (exchange.said().touches()) {
        log.touch(exchange.said().writes());
      }
    }
  }

  /** Of several statements, those before the one that failed may have had their effect. */
  private static @Nullable SessionEffect ofFailed(@Nullable SessionEffect effect) {
    return effect instanceof SessionEffect.Pin || effect instanceof SessionEffect.Savepoint
        ? effect
        : null;
  }

  private TransactionSide within(@Nullable SessionEffect effect) {
    return switch (transaction) {
      case NONE ->
          switch (effect) {
            case SessionEffect.BeginReadOnly ignored -> TransactionSide.READ_ONLY_UNDECIDED;
            case SessionEffect.BeginPinned ignored -> TransactionSide.READ_ONLY_OLD;
            case null, default -> TransactionSide.AUTHORITY;
          };
      case AUTHORITY -> TransactionSide.AUTHORITY;
      case READ_ONLY_UNDECIDED, READ_ONLY_OLD, READ_ONLY_NEW -> TransactionSide.READ_ONLY_OLD;
    };
  }

  private void apply(SessionEffect effect, boolean inTransaction) {
    switch (effect) {
      case SessionEffect.Setting setting -> settings.set(setting, inTransaction);
      case SessionEffect.ResetAll ignored -> {
        if (inTransaction) {
          settings.pin();
        } else {
          settings.resetAll();
        }
      }
      case SessionEffect.Discard discard -> {
        if (discard.all()) {
          settings.discardAll();
          closeAll();
        }
      }
      case SessionEffect.Deallocate deallocate -> {
        if (deallocate.name().isEmpty()) {
          closeAll();
        } else {
          closed(deallocate.name());
        }
      }
      case SessionEffect.Savepoint ignored -> settings.savepoint();
      case SessionEffect.Pin ignored -> settings.pin();
      case SessionEffect.BeginReadOnly ignored -> {}
      case SessionEffect.BeginPinned ignored -> {}
      case SessionEffect.Commit ignored -> {}
    }
  }
}
