package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.testkit.process.ChildJvm;
import dev.crossfade.testkit.wire.FrameText;
import dev.crossfade.testkit.wire.Messages;
import dev.crossfade.testkit.wire.WireClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Statements about a mapped table that are too large, too deep or no text at all, in front of a
 * sidecar with 64 MiB of heap: old answers them as if nobody stood in between, soon, and others are
 * served meanwhile.
 */
class HugeStatementIT {
  private static final int MEGABYTE = 1 << 20;
  private static final int ROUNDS = 2;

  /** More than old itself took. */
  private static final Duration SIDECARS_OWN = Duration.ofSeconds(4);

  /** Of the whole process, over what it takes after its start. */
  private static final long GROWTH_BOUND_KILOBYTES = 110 * 1024;

  private static final String NOBODY = "no_such_column = 1";

  private static Pair pair;
  private static ChildJvm sidecar;
  private static int port;
  private static long startedWithKilobytes;

  @BeforeAll
  static void start() throws Exception {
    pair = new Pair();
    Path config = pair.folder.resolve("sidecar.yaml");
    Files.writeString(config, pair.config("RAMP", "100%", "random", CommandsIT.ENABLED));
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
    newAnswers();
    startedWithKilobytes = residentKilobytes();
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

  private static WireClient through() throws IOException {
    return login(WireClient.connect("127.0.0.1", port));
  }

  private static WireClient direct() throws IOException {
    return login(WireClient.connect(pair.old.host(), pair.old.port()));
  }

  private static WireClient login(WireClient client) throws IOException {
    client.timeout(Duration.ofSeconds(60));
    client.login("shop", Pair.USER, Pair.PASSWORD);
    return client;
  }

  private static void newAnswers() throws IOException {
    try (WireClient client = through()) {
      String told = FrameText.of(client.query("EXPLAIN CROSSFADE " + MarkedPair.READ));
      assertThat(told).contains("'side' 'new'");
      assertThat(FrameText.of(client.query(MarkedPair.READ))).contains(MarkedPair.OF_OLD);
    }
  }

  private static long residentKilobytes() throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(sidecar.pid()), "status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }

  /**
   * @param name for the test report
   * @param text as it is sent
   */
  record Huge(String name, byte[] text) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Huge huge(String name, String text) {
    return new Huge(name, text.getBytes(StandardCharsets.UTF_8));
  }

  /** A read of the mapped table between these bytes. */
  private static Huge broken(String name, int... bytes) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    text.writeBytes("SELECT id FROM customers WHERE email = '".getBytes(StandardCharsets.US_ASCII));
    for (int each : bytes) {
      text.write(each);
    }
    text.writeBytes("' AND id = 3".getBytes(StandardCharsets.US_ASCII));
    return new Huge(name, text.toByteArray());
  }

  static Stream<Huge> statements() {
    String where = "SELECT count(*) FROM customers WHERE ";
    return Stream.of(
        huge("a literal of 1 MB", where + "email = '" + "x".repeat(MEGABYTE) + "'"),
        huge("a list of 1 MB", where + "id IN (" + "12345, ".repeat(MEGABYTE / 7) + "1)"),
        huge("a comment of 1 MB", where + "id < 4 /*" + " so".repeat(MEGABYTE / 3) + " */"),
        huge("a name of 1 MB", where + "\"" + "n".repeat(MEGABYTE) + "\" = 1"),
        huge("columns of 1 MB", "SELECT " + "id, ".repeat(MEGABYTE / 4) + "id FROM customers"),
        huge("blanks of 1 MB", where + " ".repeat(MEGABYTE) + "id < 9"),
        huge("200,000 semicolons", where + "id < 9" + ";".repeat(200_000)),
        huge("2,000 joins", joins(" JOIN customers c%d ON true")),
        huge("2,000 commas", joins(", customers c%d")),
        huge("2,000 unions", unions() + " WHERE " + NOBODY),
        huge("parentheses", where + "(".repeat(50_000) + "id < 9" + ")".repeat(50_000)),
        huge("open parentheses", where + "(".repeat(100_000)),
        huge("NOT NOT NOT", where + "NOT ".repeat(50_000) + "id < 9"),
        huge("signs", where + "id < " + "- ".repeat(50_000) + "9"),
        huge("ORs", where + "id = 1" + " OR id = 1".repeat(20_000) + " OR " + NOBODY),
        huge(
            "CASE in CASE",
            where + "CASE WHEN true THEN ".repeat(9_000) + "true" + " END".repeat(9_000)),
        huge(
            "queries in queries",
            "SELECT * FROM (".repeat(3_000) + "SELECT 1 FROM customers" + ") AS x".repeat(3_000)),
        huge("an open quote", where + "email = '" + "x".repeat(MEGABYTE)),
        broken("a lone byte", 0xff),
        broken("a cut character", 0xe2, 0x82),
        broken("an overlong character", 0xc0, 0x80),
        broken("a surrogate", 0xed, 0xa0, 0x80),
        new Huge(
            "a name that is no text",
            new byte[] {
              'S',
              'E',
              'L',
              'E',
              'C',
              'T',
              ' ',
              (byte) 0xff,
              ' ',
              'F',
              'R',
              'O',
              'M',
              ' ',
              'c',
              'u',
              's',
              't',
              'o',
              'm',
              'e',
              'r',
              's'
            }));
  }

  /** With a table that nobody has: to plan this takes old ten seconds. */
  private static String joins(String each) {
    StringBuilder sql = new StringBuilder("SELECT count(*) FROM no_such_table c");
    IntStream.range(0, 2_000).forEach(i -> sql.append(each.formatted(i)));
    return sql.toString();
  }

  private static String unions() {
    return "SELECT id FROM customers UNION ALL ".repeat(2_000) + "SELECT id FROM customers";
  }

  @ParameterizedTest
  @MethodSource("statements")
  void oldAnswersAndNobodyWaits(Huge statement) throws IOException {
    byte[] simple = Messages.raw('Q', terminated(statement.text()));
    byte[] extended =
        Messages.join(
            Messages.raw('P', prepared(statement.text())),
            Messages.bind("", ""),
            Messages.describePortal(""),
            Messages.execute("", 0),
            Messages.sync());
    try (WireClient client = through();
        WireClient other = through();
        WireClient old = direct()) {
      for (byte[] batch : List.of(simple, extended)) {
        long start = System.nanoTime();
        String expected = FrameText.of(old.exchange(batch));
        Duration bound = Duration.ofNanos(System.nanoTime() - start).plus(SIDECARS_OWN);
        for (int round = 0; round < ROUNDS; round++) {
          long before = System.nanoTime();
          client.send(batch);
          assertThat(FrameText.of(other.query("SELECT 'meanwhile'"))).contains("'meanwhile'");
          assertThat(FrameText.of(client.readUntilReady())).isEqualTo(expected);
          assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(bound);
        }
      }
    }
    newAnswers();
    assertThat(residentKilobytes() - startedWithKilobytes)
        .as("kilobytes more than at the start")
        .isLessThan(GROWTH_BOUND_KILOBYTES);
  }

  private static byte[] terminated(byte[] text) {
    return Messages.join(text, new byte[] {0});
  }

  /** Of a Parse without a name and without types. */
  private static byte[] prepared(byte[] text) {
    return Messages.join(new byte[] {0}, text, new byte[] {0, 0, 0});
  }
}
