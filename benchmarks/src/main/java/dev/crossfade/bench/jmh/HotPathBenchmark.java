package dev.crossfade.bench.jmh;

import dev.crossfade.core.compare.RowHash;
import dev.crossfade.core.migration.FlagsSnapshot;
import dev.crossfade.core.migration.MigrationFlags;
import dev.crossfade.core.migration.ReadShare;
import dev.crossfade.core.migration.Stage;
import dev.crossfade.core.migration.Stickiness;
import dev.crossfade.core.route.Bucket;
import dev.crossfade.core.route.ReadRequest;
import dev.crossfade.core.route.RouteDecision;
import dev.crossfade.core.route.Router;
import dev.crossfade.core.route.TransactionSide;
import dev.crossfade.postgresql.wire.BackendDecoder;
import dev.crossfade.sql.parse.Lexer;
import dev.crossfade.sql.parse.Tokens;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Nanoseconds for one step, on one thread. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HotPathBenchmark {
  static final int ROWS = 100;
  private static final int ROW_BYTES = 64;
  private static final int WORDS = ROW_BYTES / Long.BYTES;
  private static final String MIGRATION = "split-customers";

  private final byte[] statement =
      "SELECT full_name, email FROM customers WHERE id = 4711 AND email <> 'ada@example.org'"
          .getBytes(StandardCharsets.UTF_8);
  private final Lexer lexer = new Lexer();
  private final RowHash hash = new RowHash();
  private final ByteBuf row = answer(1);
  private final ByteBuf rows = answer(ROWS);
  private final Passing passing = new Passing();
  private final BackendDecoder decoder = new BackendDecoder(ByteBufAllocator.DEFAULT, passing);
  private final FlagsSnapshot flags =
      new FlagsSnapshot(
          7,
          Map.of(
              MIGRATION,
              new MigrationFlags(
                  MIGRATION, Stage.RAMP, ReadShare.parse("50%"), Stickiness.ENTITY)));
  private final Set<String> migrations = Set.of(MIGRATION);
  private final ReadRequest.Conditions fine = new ReadRequest.Conditions(false, Set.of(), Set.of());

  private int entity;

  /** A client that takes everything. */
  private static final class Passing implements BackendDecoder.Sink {
    private long bytes;

    @Override
    public BackendDecoder.Verdict control(byte type, ByteBuf borrowed, int start, int end) {
      return BackendDecoder.Verdict.FORWARD;
    }

    @Override
    public ByteBuf replacement() {
      throw new IllegalStateException("nothing is replaced");
    }

    @Override
    public void passesUnread(byte type) {
      bytes++;
    }

    @Override
    public void forward(ByteBuf passed) {
      bytes += passed.readableBytes();
      passed.release();
    }
  }

  /** What a server sends for a portal that gives so many rows: BindComplete to ReadyForQuery. */
  private static ByteBuf answer(int rows) {
    ByteBuf frames = Unpooled.buffer();
    frames.writeByte('2').writeInt(4);
    for (int i = 0; i < rows; i++) {
      frames.writeByte('D').writeInt(4 + 2 + 4 + ROW_BYTES).writeShort(1);
      frames.writeInt(ROW_BYTES).writeBytes(new byte[ROW_BYTES]);
    }
    byte[] tag = ("SELECT " + rows + "\0").getBytes(StandardCharsets.US_ASCII);
    frames.writeByte('C').writeInt(4 + tag.length).writeBytes(tag);
    return frames.writeByte('Z').writeInt(5).writeByte('I');
  }

  @TearDown
  public void stop() {
    decoder.release();
    row.release();
    rows.release();
  }

  private long decode(ByteBuf answer) {
    decoder.decode(answer.retainedDuplicate());
    return passing.bytes;
  }

  @Benchmark
  public long codecOneRow() {
    return decode(row);
  }

  @Benchmark
  public long codecHundredRows() {
    return decode(rows);
  }

  @Benchmark
  public Tokens lexer() {
    return lexer.lex(statement, statement.length);
  }

  @Benchmark
  public RouteDecision routing() {
    String key = Integer.toString(entity++ & 0xffff);
    return Router.decide(
        new ReadRequest(
            flags,
            migrations,
            TransactionSide.NONE,
            new ReadRequest.Caller("session", "app", key, 0),
            fine));
  }

  @Benchmark
  public int hashingOfABucket() {
    return Bucket.of(MIGRATION, "4711");
  }

  @Benchmark
  public long hashingOfARow() {
    hash.begin();
    for (int i = 0; i < WORDS; i++) {
      hash.add(entity + i * 0x9e3779b97f4a7c15L);
    }
    hash.end();
    return hash.high() ^ hash.low();
  }
}
