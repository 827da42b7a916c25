package dev.crossfade.sidecar;

import static dev.crossfade.sidecar.MarkedPair.OF_NEW;
import static dev.crossfade.sidecar.MarkedPair.READ;
import static dev.crossfade.sidecar.MarkedPair.answer;
import static dev.crossfade.sidecar.MarkedPair.awaitNew;
import static dev.crossfade.sidecar.MarkedPair.client;
import static dev.crossfade.testkit.wire.Messages.bind;
import static dev.crossfade.testkit.wire.Messages.copyData;
import static dev.crossfade.testkit.wire.Messages.copyDone;
import static dev.crossfade.testkit.wire.Messages.copyFail;
import static dev.crossfade.testkit.wire.Messages.describeStatement;
import static dev.crossfade.testkit.wire.Messages.execute;
import static dev.crossfade.testkit.wire.Messages.flush;
import static dev.crossfade.testkit.wire.Messages.join;
import static dev.crossfade.testkit.wire.Messages.parse;
import static dev.crossfade.testkit.wire.Messages.query;
import static dev.crossfade.testkit.wire.Messages.sync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.crossfade.testkit.wire.Frame;
import dev.crossfade.testkit.wire.FrameText;
import dev.crossfade.testkit.wire.WireClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** COPY in, at every pace a client may have, and the reads that come after it. */
class CopyPipelineIT {
  private static final String COPY = "COPY audit (note) FROM STDIN";
  private static final byte[] ROW = copyData("x\n");

  private static final Map<String, Conversations.Script> COPIES = new LinkedHashMap<>();

  private static MarkedPair pair;

  static {
    byte[] begun = join(parse("", COPY), bind("", ""), execute("", 0));
    byte[] rows = join(ROW, copyDone());
    byte[] failed = join(ROW, copyFail("no more"));
    COPIES.put("in step", client -> inStep(client, query(COPY), rows));
    COPIES.put("in step, failing", client -> inStep(client, query(COPY), failed));
    COPIES.put(
        "in step, flushed", client -> inStep(client, join(begun, flush()), join(rows, sync())));
    COPIES.put(
        "in step, synced", client -> inStep(client, join(begun, sync()), join(rows, sync())));
    COPIES.put("in step, described", client -> described(client, join(rows, sync())));
    COPIES.put("at once", client -> client.exchange(query(COPY), rows));
    COPIES.put("at once, failing", client -> client.exchange(query(COPY), failed));
    COPIES.put("at once, synced", client -> client.exchange(begun, sync(), rows, sync()));
    COPIES.put("at once, not synced", client -> client.exchange(begun, rows, sync()));
    COPIES.put(
        "at once, synced, failing", client -> client.exchange(begun, sync(), failed, sync()));
  }

  @BeforeAll
  static void start() throws Exception {
    pair = new MarkedPair();
  }

  @AfterAll
  static void stop() throws Exception {
    pair.close();
  }

  static Stream<Arguments> copies() {
    return COPIES.keySet().stream()
        .flatMap(copy -> IntStream.of(1, 2, 1024).mapToObj(room -> arguments(copy, room)));
  }

  /** The room is how many batches a session may have in flight. */
  @ParameterizedTest
  @MethodSource("copies")
  void aReadAfterACopyIsAnswered(String name, int room) throws Exception {
    Conversations.Script copy = Objects.requireNonNull(COPIES.get(name));
    try (Sidecar own = pair.ramp("pipelined: " + room);
        WireClient client = client(own);
        WireClient direct = pair.direct()) {
      awaitNew(own, client);
      long before = copied();
      assertThat(FrameText.of(copy.hold(client))).isEqualTo(FrameText.of(copy.hold(direct)));
      assertThat(copied() - before).isEqualTo(name.contains("fail") ? 0 : 2);
      assertThat(answer(client.query(READ))).isEqualTo(OF_NEW);
    }
  }

  private static long copied() throws IOException {
    try (WireClient direct = pair.direct()) {
      return Long.parseLong(answer(direct.query("SELECT count(*) FROM audit")));
    }
  }

  /** Waits until the server asks for the rows. */
  private static List<Frame> inStep(WireClient client, byte[] before, byte[] after)
      throws IOException {
    List<Frame> heard = new ArrayList<>(client.send(before).readUntil("G"));
    heard.addAll(client.exchange(after));
    return heard;
  }

  private static List<Frame> described(WireClient client, byte[] after) throws IOException {
    client.send(parse("", COPY), describeStatement(""), flush());
    List<Frame> heard = new ArrayList<>(client.read(3));
    heard.addAll(inStep(client, join(bind("", ""), execute("", 0), sync()), after));
    return heard;
  }

  /** A pipeline of many batches, a copy among them, with room for few in flight. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aPipelineThatIsLongerThanItsRoomGoesOn(int pipelined) throws Exception {
    try (Sidecar own = pair.ramp("pipelined: " + pipelined);
        WireClient client = client(own)) {
      awaitNew(own, client);
      List<byte[]> batches = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        batches.add(query("SELECT " + i));
        batches.add(query(READ));
        batches.add(join(query(COPY), ROW, copyDone()));
        batches.add(join(parse("", READ), flush(), bind("", ""), execute("", 0), sync()));
      }
      client.send(batches.toArray(byte[][]::new));
      for (int i = 0; i < 20; i++) {
        assertThat(answer(client.readUntilReady())).isEqualTo(Integer.toString(i));
        assertThat(answer(client.readUntilReady())).endsWith("17 Family17");
        assertThat(FrameText.of(client.readUntilReady())).contains("C COPY 1");
        assertThat(answer(client.readUntilReady())).endsWith("17 Family17");
      }
    }
  }
}
