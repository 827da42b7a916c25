package dev.crossfade.postgresql.session;

import dev.crossfade.core.route.TransactionSide;
import dev.crossfade.postgresql.wire.Frames;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the sidecar itself asks of a session's old, so that old is where its client thinks it is.
 */
final class OldErrands {
  private static final byte[] COMMIT = ascii("COMMIT");
  private static final byte[] ROLLBACK = ascii("ROLLBACK");

  /** Fails in every transaction, and does nothing else. */
  private static final byte[] FAILING =
      ascii("ROLLBACK TO SAVEPOINT \"a read of this transaction has failed\"");

  private final ClientSession session;

  OldErrands(ClientSession session) {
    this.session = session;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** A statement that the client has prepared, and that old does not have. */
  void prepare(PreparedStatement statement) {
    session.frontend().forwardPending();
    ByteBuf parse = session.old().alloc().buffer();
    Frames.parse(parse, statement.wireName(), statement.sql(), statement.parameterTypes());
    session.toOld(parse);
    statement.onOld(true);
  }

  /** The client has no statement of this name any more. */
  void deallocate(PreparedStatement statement) {
    if (statement.isOnOld() && !statement.name().isEmpty()) {
      String quoted = statement.name().replace("\"", "\"\"");
      byte[] sql = ("DEALLOCATE \"" + quoted + '"').getBytes(StandardCharsets.ISO_8859_1);
      unseen(sql, null, Said.NOTHING);
    }
  }

  /**
   * The client has seen an error, so its transaction has failed; old does not know of it yet. The
   * ReadyForQuery of this is the client's, and so is the unnamed statement that a Query ends.
   */
  void failTransaction() {
    query(FAILING, Exchange.silent(System.nanoTime()));
  }

  /** The client's transaction has ended on new, which it has written to. */
  void endTransaction(boolean committed) {
    if (session.state().transaction() != TransactionSide.NONE) {
      unseen(
          committed ? COMMIT : ROLLBACK,
          committed ? new SessionEffect.Commit() : null,
          Said.NOTHING);
    }
  }

  /** After an error that the client does not see its transaction is as it was before the batch. */
  void restoreTransaction() {
    if (session.state().status() != 'E') {
      return;
    }
    TransactionLog log = session.state().log();
    byte[] script = log.isEmpty() ? null : log.script();
    unseen(ROLLBACK, null, Said.NOTHING);
    if (script != null) {
      unseen(script, null, new Said(List.of(script), false, false));
    }
  }

  private void unseen(byte[] sql, @Nullable SessionEffect effect, Said said) {
    query(sql, Exchange.unseen(effect, said));
  }

  private void query(byte[] sql, Exchange exchange) {
    session.frontend().forwardPending();
    session.state().lostOnOld("");
    ByteBuf out = session.old().alloc().buffer(sql.length + 8);
    Frames.query(out, sql);
    session.oldSide().inFlight().sent(exchange);
    session.toOld(out);
  }
}
