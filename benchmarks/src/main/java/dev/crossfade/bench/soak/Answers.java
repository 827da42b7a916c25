package dev.crossfade.bench.soak;

import dev.crossfade.bench.soak.Expected.Answer;
import dev.crossfade.bench.soak.Expected.Completion;
import dev.crossfade.bench.soak.Expected.Prepared;
import dev.crossfade.bench.soak.Expected.Ready;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Compares what comes on a connection with what was asked on it, frame by frame. One thread.
 *
 * <p>An error is right in three cases: it refuses a {@link Kind#REFUSED} question and quotes its
 * nonce; a cancel request was under way at any time since the batch was sent, and it says so; or it
 * follows from such a one in the same transaction. The server then skips to the next Sync, and so
 * does this.
 */
final class Answers {
  private static final String CANCELLED = "57014";
  private static final String ABORTED = "25P02";
  private static final String REFUSED = "22P02";

  private final Facts facts;
  private final Tally tally;
  private final Deque<Expected> expected = new ArrayDeque<>();
  private boolean cancellable;
  private boolean cancelled;
  private boolean inTransaction;
  private boolean aborted;
  private int step;
  private int rows;

  Answers(Facts facts, Tally tally) {
    this.facts = facts;
    this.tally = tally;
  }

  /** Adds what comes after everything that is expected already. */
  void expect(Expected next) {
    expected.add(next);
  }

  /** From now on, until the next batch, a query may have been cancelled. */
  void allowCancelling() {
    cancellable = true;
  }

  /** For a new connection. */
  void forget() {
    expected.clear();
    inTransaction = false;
    aborted = false;
    step = 0;
    rows = 0;
    begin();
  }

  /** Before a batch is sent. */
  void begin() {
    cancellable = false;
    cancelled = false;
  }

  /** Whether everything has come. */
  boolean isComplete() {
    return expected.isEmpty();
  }

  /**
   * Whether a transaction was left open, as a cancelled COMMIT may leave one. Asked when all is
   * complete.
   */
  boolean isInTransaction() {
    return inTransaction;
  }

  /** For a failure's message. */
  String awaited() {
    return expected.isEmpty() ? "nothing" : expected.peek() + ", then " + (expected.size() - 1);
  }

  /**
   * Takes one whole frame.
   *
   * @param at where its type stands in the buffer
   * @throws WrongAnswer when it is not what has to come
   */
  void accept(ByteBuffer in, int at) throws WrongAnswer {
    char type = (char) in.get(at);
    if (type == 'N' || type == 'S') {
      return;
    }
    if (type == 'E') {
      acceptError(ErrorFields.read(in, at));
      return;
    }
    Expected now = expected.peek();
    boolean taken =
        switch (now) {
          case Answer answer -> acceptAnswer(answer, type, in, at);
          case Prepared prepared -> acceptPrepared(prepared, type);
          case Completion completion -> acceptCompletion(completion, type, in, at);
          case Ready ready -> acceptReady(type, in, at);
          case null -> false;
        };
    if (!taken) {
      throw new WrongAnswer(
          "expected " + awaited() + "; came " + Frame.shown(in, at) + " at step " + step);
    }
  }

  private boolean acceptAnswer(Answer answer, char type, ByteBuffer in, int at) throws WrongAnswer {
    String script = answer.mode().script();
    char wanted = script.charAt(step);
    if (wanted == 'D' && type == 'D') {
      acceptRow(answer, in, at);
      rows++;
      return rows <= answer.rows();
    }
    if (wanted == 'D') {
      if (rows != answer.rows()) {
        return false;
      }
      step++;
      wanted = script.charAt(step);
    }
    if (type != wanted || (type == 'C' && !Frame.text(in, at).equals("SELECT " + rows))) {
      return false;
    }
    step++;
    if (step == script.length()) {
      tally.answered(answer.kind());
      next();
    }
    return true;
  }

  private boolean acceptPrepared(Prepared prepared, char type) {
    step++;
    if (step == prepared.statements()) {
      next();
    }
    return type == '1';
  }

  private boolean acceptCompletion(Completion completion, char type, ByteBuffer in, int at) {
    if (type != 'C') {
      return false;
    }
    String tag = Frame.text(in, at);
    boolean right =
        tag.equals(completion.tag())
            || (aborted && completion.tag().equals("COMMIT") && tag.equals("ROLLBACK"));
    inTransaction = tag.equals("BEGIN");
    aborted = false;
    next();
    return right;
  }

  private boolean acceptReady(char type, ByteBuffer in, int at) {
    char status = (char) in.get(at + Frame.HEADER);
    if (cancelled) {
      inTransaction = status != 'I';
      aborted = status == 'E';
    }
    next();
    return type == 'Z' && status == (aborted ? 'E' : inTransaction ? 'T' : 'I');
  }

  private void next() {
    expected.remove();
    step = 0;
    rows = 0;
  }

  private void acceptRow(Answer answer, ByteBuffer in, int at) throws WrongAnswer {
    long number = answer.first() + rows;
    int position = at + Frame.HEADER;
    boolean right = in.getShort(position) == 3;
    position += Short.BYTES;
    if (right) {
      int length = in.getInt(position);
      right = Frame.number(in, position + Integer.BYTES, length, answer.binary()) == number;
      position += Integer.BYTES + Math.max(length, 0);
    }
    if (right) {
      byte[] text = facts.text(answer.kind(), number);
      right = Frame.sameText(in, position, text);
      position += Integer.BYTES + (text == null ? 0 : text.length);
    }
    if (!right || Frame.nonce(in, position) != answer.nonce()) {
      throw new WrongAnswer(
          "expected the row of %d of %s; came %s".formatted(number, answer, Frame.shown(in, at)));
    }
  }

  private void acceptError(ErrorFields error) throws WrongAnswer {
    Expected now = expected.peek();
    if (now instanceof Answer answer
        && answer.kind() == Kind.REFUSED
        && error.sqlState().equals(REFUSED)
        && error.message().contains('"' + Nonce.text(answer.nonce()) + '"')) {
      tally.answered(Kind.REFUSED);
    } else if (now != null && cancellable && error.sqlState().equals(CANCELLED)) {
      tally.cancelled();
      cancelled = true;
      aborted = inTransaction;
    } else if (!(now instanceof Answer && aborted && error.sqlState().equals(ABORTED))) {
      throw new WrongAnswer(
          "expected %s; came the error %s%s"
              .formatted(awaited(), error, cancellable ? " (a cancel request was under way)" : ""));
    }
    while (!(now instanceof Ready)) {
      next();
      now = expected.peek();
    }
    step = 0;
    rows = 0;
  }

  /** SQLSTATE and text of an error. */
  record ErrorFields(String sqlState, String message) {
    static ErrorFields read(ByteBuffer in, int at) {
      String sqlState = "";
      String message = "";
      for (String field : Frame.text(in, at).split("\0")) {
        if (field.startsWith("C")) {
          sqlState = field.substring(1);
        } else if (field.startsWith("M")) {
          message = field.substring(1);
        }
      }
      return new ErrorFields(sqlState, message);
    }
  }
}
