package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.testkit.process.Await;
import dev.crossfade.testkit.process.ChildJvm;
import dev.crossfade.testkit.wire.Frame;
import dev.crossfade.testkit.wire.Messages;
import dev.crossfade.testkit.wire.Parameter;
import dev.crossfade.testkit.wire.WireClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The sidecar as a process of its own with 64 MiB of heap: what is larger than that streams through
 * it, both ways, and a peer that does not read makes the other one wait.
 */
class SmallHeapIT {
  private static final int MEGABYTE = 1 << 20;

  /** Of the whole process, over what it takes after its start. */
  private static final long GROWTH_BOUND_KILOBYTES = 100 * 1024;

  private static Pair pair;
  private static ChildJvm sidecar;
  private static int port;

  @BeforeAll
  static void start() throws Exception {
    pair = new Pair();
    Path config = pair.folder.resolve("sidecar.yaml");
    Files.writeString(config, pair.config("RAMP", "100%", "random", ""));
    sidecar =
        ChildJvm.of(SidecarMain.class)
            .jvmArguments(
                "-Xmx64m",
                "-XX:MaxDirectMemorySize=64m",
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError")
            .jvmArguments("--enable-native-access=ALL-UNNAMED")
            .arguments("--config", config.toString())
            .readyWhenPrints("sidecar ready on")
            .start();
    Matcher ready = Pattern.compile("ready on [^ ]*:(\\d+)").matcher(sidecar.readyLine());
    assertThat(ready.find()).as(sidecar.readyLine()).isTrue();
    port = Integer.parseInt(ready.group(1));
    // Warm: buffers and classes of the ordinary path are there.
    try (WireClient client = login()) {
      client.query("SELECT repeat('x', 1000000) FROM generate_series(1, 10)");
    }
  }

  @AfterAll
  static void stop() throws Exception {
    sidecar.terminate();
    int code = sidecar.awaitExit(Duration.ofSeconds(30));
    List<String> output = sidecar.output();
    sidecar.close();
    pair.close();
    assertThat(output).noneMatch(line -> line.contains("LEAK") || line.contains("OutOfMemory"));
    assertThat(code).as("asked to end, it ends in order").isIn(0, 143);
  }

  @AfterEach
  void itStillServes() throws IOException {
    assertThat(sidecar.alive()).as(String.join("\n", sidecar.output())).isTrue();
    try (WireClient client = login()) {
      assertThat(client.query("SELECT 'alive'").get(1).text(0)).isEqualTo("alive");
    }
  }

  private static WireClient login() throws IOException {
    WireClient client = WireClient.connect("127.0.0.1", port);
    client.timeout(Duration.ofSeconds(60));
    client.login("shop", Pair.USER, Pair.PASSWORD);
    return client;
  }

  private static long residentKilobytes() throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(sidecar.pid()), "status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }

  private static void withoutGrowth(Callable<?> work) throws Exception {
    long before = residentKilobytes();
    work.call();
    assertThat(residentKilobytes() - before)
        .as("kilobytes more than before")
        .isLessThan(GROWTH_BOUND_KILOBYTES);
  }

  @Test
  void aRowOf64MegabytesPasses() throws Exception {
    withoutGrowth(
        () -> {
          try (WireClient client = login()) {
            for (int i = 0; i < 3; i++) {
              List<Frame> answer = client.query("SELECT repeat('x', 64 * 1024 * 1024)");
              assertThat(answer.get(1).body()).hasSize(6 + 64 * MEGABYTE);
            }
          }
          return true;
        });
  }

  @Test
  void aHundredThousandRowsPass() throws Exception {
    withoutGrowth(
        () -> {
          try (WireClient client = login()) {
            for (int round = 0; round < 3; round++) {
              client.send(
                  Messages.query("SELECT i, repeat('y', 500) FROM generate_series(1, 100000) i"));
              int rows = 0;
              for (Frame frame = client.read(1).getFirst();
                  frame.type() != 'Z';
                  frame = client.read(1).getFirst()) {
                if (frame.type() == 'D') {
                  rows++;
                  assertThat(frame.text(0)).isEqualTo(Integer.toString(rows));
                }
              }
              assertThat(rows).isEqualTo(100_000);
            }
          }
          return true;
        });
  }

  @Test
  void twoHundredThousandRowsOfNewPass() throws Exception {
    withoutGrowth(
        () -> {
          try (WireClient client = login()) {
            for (int round = 0; round < 4; round++) {
              client.send(
                  Messages.query(
                      "SELECT c.full_name, g FROM customers c CROSS JOIN generate_series(1, 400)"
                          + " g"));
              int rows = 0;
              for (Frame frame = client.read(1).getFirst();
                  frame.type() != 'Z';
                  frame = client.read(1).getFirst()) {
                rows += frame.type() == 'D' ? 1 : 0;
              }
              assertThat(rows).isEqualTo(400 * Pair.CUSTOMERS);
            }
          }
          return true;
        });
  }

  @Test
  void aParameterOf64MegabytesPasses() throws Exception {
    withoutGrowth(
        () -> {
          try (WireClient client = login()) {
            String value = "z".repeat(64 * MEGABYTE);
            List<Frame> answer =
                client.exchange(
                    Messages.parse("", "SELECT length($1)"),
                        Messages.bind("", "", Parameter.text(value)),
                    Messages.execute("", 0), Messages.sync());
            assertThat(answer.get(2).text(0)).isEqualTo(Integer.toString(64 * MEGABYTE));
          }
          return true;
        });
  }

  @Test
  void aStatementOf32MegabytesPasses() throws Exception {
    withoutGrowth(
        () -> {
          try (WireClient client = login()) {
            List<Frame> answer =
                client.query(
                    "SELECT length('" + "s".repeat(32 * MEGABYTE) + "'), count(*) FROM customers");
            assertThat(answer.get(1).text(0)).isEqualTo(Integer.toString(32 * MEGABYTE));
            assertThat(answer.get(1).text(1)).isEqualTo(Integer.toString(Pair.CUSTOMERS));
          }
          return true;
        });
  }

  @Test
  void copyOfManyMegabytesPassesBothWays() throws Exception {
    withoutGrowth(
        () -> {
          try (WireClient client = login()) {
            client.query("CREATE TEMP TABLE t (x text)");
            client.send(Messages.query("COPY t FROM STDIN"));
            byte[] lines = Messages.copyData(("c".repeat(999) + "\n").repeat(1000));
            for (int i = 0; i < 100; i++) {
              client.send(lines);
            }
            client.send(Messages.copyDone());
            assertThat(client.readUntilReady().get(1).tag()).isEqualTo("COPY 100000");
            client.send(Messages.query("COPY t TO STDOUT"));
            int copied = 0;
            for (Frame frame = client.read(1).getFirst();
                frame.type() != 'Z';
                frame = client.read(1).getFirst()) {
              copied += frame.type() == 'd' ? 1 : 0;
            }
            assertThat(copied).isEqualTo(100_000);
          }
          return true;
        });
  }

  @Test
  void clientsThatDoNotReadMakeTheServerWait() throws Exception {
    withoutGrowth(
        () -> {
          List<WireClient> deaf = new ArrayList<>();
          try {
            for (int i = 0; i < 20; i++) {
              WireClient client = login();
              deaf.add(client);
              client.send(
                  Messages.query("SELECT repeat('d', 1000) FROM generate_series(1, 100000)"));
            }
            Await.until(
                "the server to wait for its clients", () -> waiting("ClientWrite") >= deaf.size());
            for (int i = 0; i < 50; i++) {
              itStillServes();
            }
            List<Frame> late = deaf.getFirst().readUntilReady();
            assertThat(late).hasSize(100_003);
          } finally {
            for (WireClient client : deaf) {
              client.close();
            }
          }
          return true;
        });
  }

  @Test
  void manyLargeAnswersAtOncePass() throws Exception {
    withoutGrowth(
        () -> {
          try (ExecutorService clients = Executors.newFixedThreadPool(6)) {
            List<Future<Integer>> lengths = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
              lengths.add(
                  clients.submit(
                      () -> {
                        try (WireClient client = login()) {
                          return client
                              .query("SELECT repeat('m', 20 * 1024 * 1024)")
                              .get(1)
                              .body()
                              .length;
                        }
                      }));
            }
            for (Future<Integer> length : lengths) {
              assertThat(length.get()).isEqualTo(6 + 20 * MEGABYTE);
            }
          }
          return true;
        });
  }

  @Test
  void aServerThatDoesNotReadMakesTheClientWait() throws Exception {
    withoutGrowth(
        () -> {
          try (WireClient client = login()) {
            // The server reads nothing while it sleeps; the kernel's buffers and ours fill, then
            // our writes block.
            Thread writer =
                Thread.ofVirtual()
                    .start(
                        () -> {
                          try {
                            client.send(Messages.query("SELECT pg_sleep(2)"));
                            byte[] query =
                                Messages.query("SELECT length('" + "w".repeat(200_000) + "')");
                            for (int i = 0; i < 400; i++) {
                              client.send(query);
                            }
                          } catch (IOException e) {
                            throw new java.io.UncheckedIOException(e);
                          }
                        });
            for (int i = 0; i <= 400; i++) {
              client.readUntilReady();
            }
            writer.join();
          }
          return true;
        });
  }

  private static long waiting(String event) throws Exception {
    try (var connection = pair.old.connect("postgres");
        var rows =
            connection
                .createStatement()
                .executeQuery(
                    "SELECT count(*) FROM pg_stat_activity WHERE wait_event = '" + event + "'")) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
