package dev.crossfade.postgresql.session;

import dev.crossfade.postgresql.wire.ClientEncoding;
import dev.crossfade.postgresql.wire.Frames;
import dev.crossfade.sql.lens.Translation;
import dev.crossfade.sql.parse.Lexer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

/**
 * An error of new that the client is to see, because it has seen rows before: it speaks of the
 * client's text. SQLSTATE, message, detail and hint stay as new wrote them.
 *
 * <pre>
 * P              place in the translated text -> in the client's; within a lens's query: the table that it stands for
 * p q W          another query's text and place, the functions it ran in: new's own, left out
 * s t c d n      schema, table, column, type, constraint of new: left out
 * </pre>
 */
final class NewErrors {
  private static final String LEFT_OUT = "pqWstcdn";

  private NewErrors() {}

  /**
   * @param request borrowed; the client's batch
   * @param borrowed the ErrorResponse
   * @return the frame for the client; owned by the caller
   */
  static ByteBuf forClient(
      ClientSession session, ExchangePlan.Read plan, ByteBuf request, ByteBuf borrowed) {
    byte[] text = text(plan, request);
    ClientEncoding encoding = session.state().settings().encoding();
    ByteBuf out = session.client().alloc().buffer(borrowed.readableBytes());
    Frames.fields(
        out,
        borrowed,
        LEFT_OUT,
        position -> inOriginal(position, plan.plan().translation(), text, encoding));
    return out;
  }

  /** What the client wrote. */
  private static byte[] text(ExchangePlan.Read plan, ByteBuf request) {
    if (plan.statement() != null) {
      return plan.statement().sql();
    }
    int start = request.readerIndex() + 5;
    int end = request.indexOf(start, request.writerIndex(), (byte) 0);
    return ByteBufUtil.getBytes(request, start, end - start);
  }

  /**
   * @param position in the translated text, in characters from 1
   * @return in the original text, in characters from 1
   */
  static int inOriginal(
      int position, Translation translation, byte[] original, ClientEncoding encoding) {
    var tokens = new Lexer().lex(original, original.length);
    byte[] translated = translation.apply(original, tokens);
    int offset = encoding.bytes(translated, position - 1);
    return encoding.characters(original, translation.originalOffset(offset, tokens)) + 1;
  }
}
