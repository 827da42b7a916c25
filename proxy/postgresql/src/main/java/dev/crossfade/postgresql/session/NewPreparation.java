package dev.crossfade.postgresql.session;

import dev.crossfade.core.route.TransactionSide;
import dev.crossfade.postgresql.wire.Frames;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the session's connection to new has been told so far, and what it has to be told before the
 * next read: settings, the transaction, prepared statements.
 */
final class NewPreparation {
  private static final byte[] BEGIN = "BEGIN READ ONLY".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ROLLBACK = "ROLLBACK".getBytes(StandardCharsets.US_ASCII);

  private final SessionState state;
  private final Set<String> names = new HashSet<>();
  private int connection;
  private int appliedSettings;
  private int removalsSeen;
  private @Nullable PreparedStatement unnamed;
  private boolean inTransaction;

  NewPreparation(SessionState state) {
    this.state = state;
  }

  /** For a new connection, which knows nothing. */
  void begin() {
    connection++;
    appliedSettings = 0;
    inTransaction = false;
    names.clear();
    unnamed = null;
  }

  boolean isInTransaction() {
    return inTransaction;
  }

  void endTransaction(ByteBuf out) {
    query(out, ROLLBACK);
    inTransaction = false;
  }

  boolean isPrepared(PreparedStatement statement) {
    return statement.isOnNew(connection) && (!statement.name().isEmpty() || statement == unnamed);
  }

  /** The name may still stand for something else there. */
  void prepare(ByteBuf out, PreparedStatement statement, ExchangePlan.Read plan) {
    byte[] name = statement.name().getBytes(StandardCharsets.ISO_8859_1);
    if (name.length == 0) {
      unnamed = statement;
    } else {
      Frames.closeStatement(out, name);
      names.add(statement.name());
    }
    Frames.parse(out, name, statement.translated(), plan.plan().parameterTypesThere());
    statement.onNew(connection);
  }

  /** What the client has closed need not stay on new. */
  void closeForgotten(ByteBuf out) {
    if (removalsSeen == state.removals()) {
      return;
    }
    removalsSeen = state.removals();
    names.removeIf(
        name -> {
          boolean gone = state.statement(name) == null;
          if (gone) {
            Frames.closeStatement(out, name.getBytes(StandardCharsets.ISO_8859_1));
          }
          return gone;
        });
  }

  /** A simple Query ends the unnamed statement. */
  void query(ByteBuf out, byte[] sql) {
    Frames.query(out, sql);
    unnamed = null;
  }

  /**
   * Settings and BEGIN, whose replies nobody wants; returns how many ReadyForQuery they will cause.
   */
  int prologue(ByteBuf out, Map<String, String> reported) {
    int queries = 0;
    SessionSettings settings = state.settings();
    if (appliedSettings != settings.version()) {
      if (inTransaction) {
        // Its end would undo the settings, and its reads need no common snapshot.
        endTransaction(out);
        queries++;
      }
      String sql = settings.statementsFor(reported, appliedSettings == 0);
      appliedSettings = settings.version();
      if (!sql.isEmpty()) {
        query(out, sql.getBytes(StandardCharsets.UTF_8));
        queries++;
      }
    }
    TransactionSide transaction = state.transaction();
    boolean readOnly =
        transaction == TransactionSide.READ_ONLY_UNDECIDED
            || transaction == TransactionSide.READ_ONLY_NEW;
    if (readOnly && !inTransaction) {
      query(out, BEGIN);
      inTransaction = true;
      queries++;
    }
    return queries;
  }
}
