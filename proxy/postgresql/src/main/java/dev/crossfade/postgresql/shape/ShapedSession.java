package dev.crossfade.postgresql.shape;

import dev.crossfade.postgresql.plan.Routing;
import io.netty.buffer.ByteBuf;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What stands between a client that speaks the new shape and its session, which sees a client of
 * the old shape: texts are rewritten on their way in, and what is said of them on its way out.
 *
 * <pre>
 * client -> {@link ShapedInput} -> session -> {@link ShapedReplies} -> client
 * </pre>
 */
public final class ShapedSession {
  private final ShapedInput input;
  private final ShapedReplies replies;
  private final KnownStatements statements;
  private final Rewriter rewriter;

  /**
   * @param option what the client asked for
   * @param textLimit a longer text is not looked at, in bytes
   */
  public ShapedSession(ShapeHost host, Routing routing, ShapeOption option, int textLimit) {
    this.statements = new KnownStatements(host);
    this.replies = new ShapedReplies(host, this::loggedIn, statements::transactionEnded);
    this.rewriter = new Rewriter(routing, host, new SearchPath(!option.searchPath()));
    ShapedFrames frames = new ShapedFrames(host, replies, statements, rewriter);
    this.input = new ShapedInput(host, frames, textLimit);
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
