package dev.crossfade.bench.soak;

import dev.crossfade.bench.soak.Expected.Answer;
import dev.crossfade.bench.soak.Expected.Completion;
import dev.crossfade.bench.soak.Expected.Prepared;
import dev.crossfade.bench.soak.Expected.Ready;
import dev.crossfade.bench.wire.FrameWriter;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/** Draws a client's batches, and tells its {@link Answers} what has to come back. One thread. */
final class Questions {
  private static final int OID_INT8 = 20;
  private static final int OID_TEXT = 25;
  private static final int MOST_QUERIES = 24;
  private static final int MOST_ROWS = 20;
  private static final int MOST_ROWS_OF_LARGE = 20_000;

  /** In percent; the rest is {@link Mode#PREPARED}, which costs the databases the least. */
  private static final int OTHER_MODES = 10;

  private static final Kind[] POINTS = {
    Kind.CUSTOMER, Kind.CUSTOMER, Kind.ORDER, Kind.ORDER, Kind.ACCOUNT, Kind.ACCOUNT, Kind.NOTHING
  };
  private static final Kind[] RANGES = {Kind.CUSTOMERS, Kind.ORDERS, Kind.ACCOUNTS};

  private final int client;
  private final SplittableRandom random;
  private final Facts facts;
  private final Answers answers;
  private long sequence;

  /** What a batch holds beside the everyday queries, at a random place. */
  enum Extra {
    NONE,
    /** A query that takes long enough to be cancelled. */
    SLOW,
    /** A result of up to some megabytes. */
    LARGE
  }

  /** How the queries of a batch are tied together. */
  private enum Shape {
    EACH_ITS_SYNC,
    ONE_SYNC,
    READ_ONLY_TRANSACTION
  }

  Questions(int client, SplittableRandom random, Facts facts, Answers answers) {
    this.client = client;
    this.random = random;
    this.facts = facts;
    this.answers = answers;
  }

  /** The first bytes of a session. */
  static byte[] startup(String user, String database) {
    FrameWriter writer = new FrameWriter();
    writer.unnamedFrame().int32(3 << 16).text("user").text(user);
    writer.text("database").text(database).raw(0).end();
    return writer.toBytes();
  }

  /** Prepares every kind, once after the login. */
  byte[] preparation() {
    FrameWriter writer = new FrameWriter();
    for (Kind kind : Kind.ALL) {
      parse(writer, preparedName(kind), kind);
    }
    answers.expect(new Prepared(Kind.ALL.size()));
    sync(writer);
    return writer.toBytes();
  }

  /** A batch, or several pipelined ones, with everything that has to come back announced. */
  byte[] next(Extra extra) {
    FrameWriter writer = new FrameWriter();
    int queries = random.nextInt(3) == 0 ? 1 : 2 + random.nextInt(MOST_QUERIES - 1);
    int extraAt = extra == Extra.NONE ? -1 : random.nextInt(queries);
    Shape shape =
        switch (random.nextInt(10)) {
          case 0 -> Shape.READ_ONLY_TRANSACTION;
          case 1, 2, 3, 4 -> Shape.ONE_SYNC;
          default -> Shape.EACH_ITS_SYNC;
        };
    if (shape == Shape.READ_ONLY_TRANSACTION) {
      simple(writer, "BEGIN TRANSACTION READ ONLY", "BEGIN");
    }
    for (int i = 0; i < queries; i++) {
      Mode mode = mode(shape);
      write(writer, i == extraAt ? extra(extra, mode) : everyday(mode, shape));
      if (mode != Mode.SIMPLE && shape != Shape.ONE_SYNC) {
        sync(writer);
      }
    }
    if (shape == Shape.ONE_SYNC) {
      sync(writer);
    } else if (shape == Shape.READ_ONLY_TRANSACTION) {
      simple(writer, "COMMIT", "COMMIT");
    }
    return writer.toBytes();
  }

  private Mode mode(Shape shape) {
    int draw = random.nextInt(100);
    if (draw < OTHER_MODES) {
      return Mode.UNNAMED;
    }
    if (draw < 2 * OTHER_MODES) {
      return Mode.FRESH;
    }
    // A Query would end the batch that one Sync is to end.
    return draw < 3 * OTHER_MODES && shape != Shape.ONE_SYNC ? Mode.SIMPLE : Mode.PREPARED;
  }

  /** A question and where its range ends. */
  private record Question(Answer answer, long from, long to) {}

  private Question everyday(Mode mode, Shape shape) {
    int draw = random.nextInt(200);
    if (draw == 0 && shape != Shape.READ_ONLY_TRANSACTION) {
      return question(Kind.REFUSED, mode, 1);
    }
    return draw < 40
        ? question(pick(RANGES), mode, 1 + random.nextInt(MOST_ROWS))
        : question(pick(POINTS), mode, 1);
  }

  private Question extra(Extra extra, Mode mode) {
    if (extra == Extra.LARGE) {
      Kind kind = pick(RANGES);
      int most = Math.min(facts.keys(kind), MOST_ROWS_OF_LARGE);
      return question(kind, mode, 1 + random.nextInt(random.nextInt(4) == 0 ? most : most / 10));
    }
    return random.nextInt(3) == 0
        ? question(Kind.SLEEP, mode, 1)
        : question(Kind.COUNT, mode, 1 + random.nextInt(facts.keys(Kind.COUNT)));
  }

  private Question question(Kind kind, Mode mode, int width) {
    long from = 1 + random.nextInt(facts.keys(kind) - width + 1);
    long first = kind == Kind.COUNT ? width : from;
    int rows = kind == Kind.COUNT ? 1 : width;
    boolean binary = mode != Mode.SIMPLE && random.nextBoolean();
    long nonce = Nonce.of(client, sequence++);
    return new Question(new Answer(kind, mode, first, rows, nonce, binary), from, from + width - 1);
  }

  private void write(FrameWriter writer, Question question) {
    Answer answer = question.answer();
    Kind kind = answer.kind();
    answers.expect(answer);
    switch (answer.mode()) {
      case SIMPLE -> {
        String nonce = Nonce.text(answer.nonce());
        writer.frame('Q').text(kind.withLiterals(question.from(), question.to(), nonce)).end();
        answers.expect(new Ready());
      }
      case PREPARED -> bindAndExecute(writer, preparedName(kind), question);
      case UNNAMED -> {
        parse(writer, "", kind);
        bindAndExecute(writer, "", question);
      }
      case FRESH -> {
        String name = "f" + answer.nonce();
        parse(writer, name, kind);
        bindAndExecute(writer, name, question);
        writer.frame('C').raw('S').text(name).end();
      }
    }
  }

  private static void parse(FrameWriter writer, String name, Kind kind) {
    writer.frame('P').text(name).text(kind.withParameters());
    writer.int16(kind.isRanged() ? 3 : 2).int32(OID_INT8).int32(OID_TEXT);
    if (kind.isRanged()) {
      writer.int32(OID_INT8);
    }
    writer.end();
  }

  private void bindAndExecute(FrameWriter writer, String name, Question question) {
    Answer answer = question.answer();
    boolean ranged = answer.kind().isRanged();
    writer.frame('B').text("").text(name);
    writer.int16(ranged ? 3 : 2).int16(1).int16(0);
    if (ranged) {
      writer.int16(1);
    }
    writer.int16(ranged ? 3 : 2).int32(Long.BYTES).int64(question.from());
    writer.int32(Nonce.LENGTH);
    writer.bytes(Nonce.text(answer.nonce()).getBytes(StandardCharsets.US_ASCII));
    if (ranged) {
      writer.int32(Long.BYTES).int64(question.to());
    }
    writer.int16(1).int16(answer.binary() ? 1 : 0).end();
    if (answer.mode() != Mode.PREPARED) {
      writer.frame('D').raw('P').text("").end();
    }
    writer.frame('E').text("").int32(0).end();
  }

  private void sync(FrameWriter writer) {
    writer.frame('S').end();
    answers.expect(new Ready());
  }

  private void simple(FrameWriter writer, String sql, String tag) {
    writer.frame('Q').text(sql).end();
    answers.expect(new Completion(tag));
    answers.expect(new Ready());
  }

  private static String preparedName(Kind kind) {
    return "p" + kind.ordinal();
  }

  private <T> T pick(T[] from) {
    return from[random.nextInt(from.length)];
  }
}
