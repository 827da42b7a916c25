package dev.crossfade.postgresql.shape;

import dev.crossfade.postgresql.plan.TranslatedShape;
import io.netty.buffer.ByteBuf;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What stands between a client that speaks one shape and what knows the other one only: texts are
 * rewritten on their way in, and what is said of them on its way out.
 *
 * <pre>
 * client -> {@link ShapedInput} -> session -> {@link ShapedReplies} -> client
 * </pre>
 */
public final class ShapedSession {
  private final ShapedInput input;
  private final ShapedReplies replies;
  private final KnownStatements statements;
  private final TextReader rewriter;

  /**
   * @param lenses from the client's shape to the authority's
   * @param usualPath the client's start-up packet says nothing of its search_path
   * @param textLimit a longer text is not looked at, in bytes
   */
  public ShapedSession(
      ShapeHost host,
      Supplier<@Nullable TranslatedShape> lenses,
      boolean usualPath,
      int textLimit) {
    this(host, new Rewriter(lenses, host, new SearchPath(usualPath)), textLimit);
  }

  private ShapedSession(ShapeHost host, TextReader reader, int textLimit) {
    this.statements = new KnownStatements(host);
    this.replies = new ShapedReplies(host, this::loggedIn, statements::transactionEnded);
    this.rewriter = reader;
    ShapedFrames frames = new ShapedFrames(host, replies, statements, rewriter);
    this.input = new ShapedInput(host, frames, textLimit);
  }

  /**
   * What stands before a server whose changes are to be logged by the statements themselves.
   *
   * @param watched which tables, and how; never null
   * @param preparesWrites whether the session has prepared a write in SQL before
   */
  public static ShapedSession capturing(
      ShapeHost host,
      Supplier<TranslatedShape> watched,
      boolean usualPath,
      boolean preparesWrites,
      int textLimit) {
    CaptureRewriter reader =
        new CaptureRewriter(watched, host, new SearchPath(usualPath), preparesWrites);
    ShapedSession session = new ShapedSession(host, reader, textLimit);
    session.begin();
    return session;
  }

  private void loggedIn() {
    input.resumeSoon();
  }

  /** Takes over bytes of the client. */
  public void fromClient(ByteBuf bytes) {
    input.accept(bytes);
  }

  /** Takes over bytes for the client. */
  public void toClient(ByteBuf bytes) {
    replies.take(bytes);
  }

  /**
   * What would become of a text that is sent now, in UTF-8.
   *
   * @return by name; null while it is not known
   */
  public @Nullable Map<String, String> explain(byte[] sql) {
    return rewriter.explain(sql);
  }

  /** The login was somebody else's: the next frame of the server is a reply. */
  public void begin() {
    replies.begin();
  }

  /**
   * A name of the client's stands for a text that has been prepared elsewhere: it is prepared here
   * before it is bound.
   *
   * @param types OIDs that the client fixed
   */
  public void knows(String name, byte[] sql, int[] types) {
    KnownStatement known = statements.get(name);
    if (known == null || !known.isOf(sql, types)) {
      statements.put(name, KnownStatement.elsewhere(name, sql, types));
    }
  }

  /** There are statements of which only the client knows the texts. */
  public void knowsNotAll() {
    statements.knowsNotAll();
  }

  /** Whether the name of a portal is that of a statement that is known here. */
  public boolean hasPortal(String name) {
    return statements.portal(name) != null;
  }

  /** What waits here, in bytes. */
  public int waiting() {
    return input.waiting();
  }

  /** Whether something waits that goes on without the client: for its translation, or the login. */
  public boolean isTranslating() {
    return input.isTranslating();
  }

  /** The client wants what it waits for to end; false when it does not wait here. */
  public boolean cancel() {
    return input.cancel();
  }

  public void release() {
    input.release();
    replies.release();
    statements.clear();
  }
}
