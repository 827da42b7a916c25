package dev.crossfade.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.bench.data.DataSet;
import dev.crossfade.bench.soak.Expected.Answer;
import dev.crossfade.bench.soak.Expected.Completion;
import dev.crossfade.bench.soak.Expected.Ready;
import dev.crossfade.bench.wire.FrameWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class AnswersTest {
  private static final long NONCE = Nonce.of(3, 77);
  private static final Answer ORDERS = new Answer(Kind.ORDERS, Mode.PREPARED, 5, 2, NONCE, false);

  private final DataSet data = new DataSet(1, 10, 20);
  private final Tally tally = new Tally();
  private final Answers answers = new Answers(new Facts(data), tally);

  @Test
  void theRowsThatWereAskedForAreRight() throws WrongAnswer {
    ask(ORDERS);
    take(frame('2'), row(5, NONCE), row(6, NONCE), tag("SELECT 2"), ready('I'));
    assertThat(answers.isComplete()).isTrue();
    assertThat(tally.answers(Kind.ORDERS)).isEqualTo(1);
  }

  @Test
  void aRowOfAnotherQuestionIsWrong() {
    ask(ORDERS);
    assertThatThrownBy(() -> take(frame('2'), row(5, Nonce.of(3, 76))))
        .isInstanceOf(WrongAnswer.class)
        .hasMessageContaining("expected the row of 5 of ORDERS")
        .hasMessageContaining("n000003000000004c");
  }

  @Test
  void aRowOfAnotherKeyIsWrong() {
    ask(ORDERS);
    assertThatThrownBy(() -> take(frame('2'), row(5, NONCE), row(5, NONCE)))
        .hasMessageContaining("expected the row of 6");
  }

  @Test
  void aTextThatIsNotTheKeysIsWrong() {
    ask(ORDERS);
    FrameWriter row = new FrameWriter();
    row.frame('D').int16(3);
    column(row, "5");
    column(row, "a state that no order has");
    column(row, Nonce.text(NONCE));
    row.end();
    assertThatThrownBy(() -> take(frame('2'), row.toBytes())).isInstanceOf(WrongAnswer.class);
  }

  @Test
  void tooFewAndTooManyRowsAreWrong() {
    ask(ORDERS);
    assertThatThrownBy(() -> take(frame('2'), row(5, NONCE), tag("SELECT 1")))
        .isInstanceOf(WrongAnswer.class);
    answers.forget();
    ask(ORDERS);
    assertThatThrownBy(() -> take(frame('2'), row(5, NONCE), row(6, NONCE), row(7, NONCE)))
        .isInstanceOf(WrongAnswer.class);
  }

  @Test
  void aFrameThatNobodyAskedForIsWrong() {
    ask(ORDERS);
    assertThatThrownBy(() -> take(frame('1'))).hasMessageContaining("came 1");
    answers.forget();
    assertThatThrownBy(() -> take(ready('I'))).hasMessageContaining("expected nothing");
  }

  @Test
  void aCancelledQueryIsRightOnlyWhileACancelRequestIsUnderWay() throws WrongAnswer {
    ask(ORDERS);
    answers.allowCancelling();
    take(error("57014", "canceling statement due to user request"), ready('I'));
    assertThat(tally.events(Tally.Event.CANCELLED)).isEqualTo(1);
    answers.begin();
    ask(ORDERS);
    assertThatThrownBy(() -> take(error("57014", "canceling statement due to user request")))
        .isInstanceOf(WrongAnswer.class);
  }

  @Test
  void afterACancelledQueryTheRestOfItsTransactionIsRefused() throws WrongAnswer {
    answers.begin();
    answers.expect(new Completion("BEGIN"));
    answers.expect(new Ready());
    ask(ORDERS);
    ask(ORDERS);
    answers.expect(new Completion("COMMIT"));
    answers.expect(new Ready());
    answers.allowCancelling();
    take(tag("BEGIN"), ready('T'), error("57014", ""), ready('E'), error("25P02", ""), ready('E'));
    take(tag("ROLLBACK"), ready('I'));
    assertThat(answers.isComplete()).isTrue();
    assertThat(answers.isInTransaction()).isFalse();
  }

  @Test
  void aRefusalHasToQuoteItsOwnNonce() throws WrongAnswer {
    Answer refused = new Answer(Kind.REFUSED, Mode.UNNAMED, 5, 1, NONCE, false);
    ask(refused);
    String text = "invalid input syntax for type bigint: \"%s\"";
    take(error("22P02", text.formatted(Nonce.text(NONCE))), ready('I'));
    ask(refused);
    assertThatThrownBy(() -> take(error("22P02", text.formatted(Nonce.text(NONCE + 1)))))
        .isInstanceOf(WrongAnswer.class);
  }

  private void ask(Answer answer) {
    answers.expect(answer);
    answers.expect(new Ready());
  }

  private void take(byte[]... frames) throws WrongAnswer {
    for (byte[] frame : frames) {
      answers.accept(ByteBuffer.wrap(frame), 0);
    }
  }

  private byte[] row(int order, long nonce) {
    FrameWriter row = new FrameWriter();
    row.frame('D').int16(3);
    column(row, Integer.toString(order));
    column(row, data.order(order).status());
    column(row, Nonce.text(nonce));
    row.end();
    return row.toBytes();
  }

  private static void column(FrameWriter row, String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    row.int32(bytes.length).bytes(bytes);
  }

  private static byte[] frame(char type) {
    FrameWriter frame = new FrameWriter();
    frame.frame(type).end();
    return frame.toBytes();
  }

  private static byte[] tag(String tag) {
    FrameWriter frame = new FrameWriter();
    frame.frame('C').text(tag).end();
    return frame.toBytes();
  }

  private static byte[] ready(char status) {
    FrameWriter frame = new FrameWriter();
    frame.frame('Z').raw(status).end();
    return frame.toBytes();
  }

  private static byte[] error(String sqlState, String message) {
    FrameWriter frame = new FrameWriter();
    frame.frame('E').text("SERROR").text("C" + sqlState).text("M" + message).raw(0).end();
    return frame.toBytes();
  }
}
