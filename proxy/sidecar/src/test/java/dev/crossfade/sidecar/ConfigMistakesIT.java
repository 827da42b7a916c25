package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.crossfade.testkit.process.ChildJvm;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whoever makes a mistake is told so in one line: where it is, what is wrong, what would be right.
 * Nothing else is printed, no stack trace and no secret, and the exit code is 2.
 */
class ConfigMistakesIT {
  private static final Duration BOUND = Duration.ofSeconds(60);

  private static Pair pair;
  private static Path config;
  private static int closedPort;

  /** What the program said in this JVM. */
  private record Ended(int code, List<String> err, String out) {}

  /**
   * One mistake in an otherwise right configuration.
   *
   * @param right what stands in the file
   * @param wrong what is written instead
   * @param told what the one line must contain, in this order
   */
  private record Mistake(String name, String right, String wrong, List<String> told) {
    @Override
    public String toString() {
      return name;
    }
  }

  @BeforeAll
  static void start() throws Exception {
    pair = new Pair();
    config = pair.folder.resolve("sidecar.yaml");
  }

  @AfterAll
  static void stop() throws IOException {
    pair.close();
  }

  private static Mistake mistake(String name, String right, String wrong, String... told) {
    return new Mistake(name, right, wrong, List.of(told));
  }

  static Stream<Mistake> mistakesInTheFile() {
    return Stream.of(
        mistake(
            "unknown key",
            "service:",
            "servise: x\nservice:",
            "servise: ",
            "did you mean service?"),
        mistake(
            "unknown key of a server",
            "database: shop,",
            "databse: shop, database: shop,",
            "old.databse: ",
            "did you mean database?"),
        mistake(
            "unknown key unlike any",
            "service:",
            "colour: red\nservice:",
            "colour: ",
            "known here: service, instance,"),
        mistake(
            "unknown limit",
            "stateDirectory",
            "limits: {session: 5}\nstateDirectory",
            "limits.session: ",
            "did you mean sessions?"),
        mistake(
            "port out of range",
            "listen: {host: 127.0.0.1, port: 0}",
            "listen: {host: 127.0.0.1, port: 65536}",
            "listen.port: ",
            "\"65536\"",
            "from 0 to 65535"),
        mistake(
            "negative port",
            "admin: {host: 127.0.0.1, port: 0}",
            "admin: {host: 127.0.0.1, port: -1}",
            "admin.port: ",
            "\"-1\"",
            "from 0 to 65535"),
        mistake(
            "port is a word",
            "old: {host: 127.0.0.1, port: OLD_PORT,",
            "old: {host: 127.0.0.1, port: postgres,",
            "old.port: ",
            "\"postgres\"",
            "whole number from 1 to 65535"),
        mistake(
            "port is missing",
            "listen: {host: 127.0.0.1, port: 0}",
            "listen: {host: 127.0.0.1}",
            "listen.port: ",
            "missing",
            "required"),
        mistake(
            "service is missing",
            "service: shop",
            "instance: a",
            "service: ",
            "missing",
            "required"),
        mistake("old is missing", "old: {", "# old: {", "old: ", "missing"),
        mistake(
            "user is missing",
            "database: shop2, user: app,",
            "database: shop2,",
            "new.user: ",
            "missing",
            "required"),
        mistake(
            "service is blank", "service: shop", "service: ' '", "service: ", "empty", "required"),
        mistake(
            "a list for a text",
            "service: shop",
            "service: [shop]",
            "service: ",
            "not a single value"),
        mistake(
            "a text for a mapping",
            "listen: {host: 127.0.0.1, port: 0}",
            "listen: 6432",
            "listen: ",
            "not a mapping",
            "key: value"),
        mistake(
            "a mapping for a list",
            "  - {file: split-customers.yaml,",
            "  {file: split-customers.yaml,",
            "migrations: ",
            "not a list"),
        mistake(
            "unknown stage",
            "stage: RAMP",
            "stage: RAMPING",
            "migrations[0].stage: ",
            "'RAMPING'",
            "OFF, DUAL_WRITE, SHADOW, RAMP"),
        mistake(
            "stage that a file cannot set",
            "stage: RAMP",
            "stage: LIVE",
            "migrations[0].stage: ",
            "'LIVE'",
            "OFF, DUAL_WRITE, SHADOW, RAMP"),
        mistake(
            "percentage above all",
            "reads: \"100%\"",
            "reads: \"101%\"",
            "migrations[0].reads: ",
            "101%",
            "100"),
        mistake(
            "percentage is a word",
            "reads: \"100%\"",
            "reads: \"all\"",
            "migrations[0].reads: ",
            "all",
            "%"),
        mistake(
            "unknown stickiness",
            "stickiness: random",
            "stickiness: sesion",
            "migrations[0].stickiness: ",
            "\"sesion\"",
            "entity, random, session, user"),
        mistake(
            "no sessions at all",
            "stateDirectory",
            "limits: {sessions: 0}\nstateDirectory",
            "limits.sessions: ",
            "\"0\"",
            "from 1 to 100000"),
        mistake(
            "time without a unit",
            "stateDirectory",
            "limits: {drain: 5}\nstateDirectory",
            "limits.drain: ",
            "\"5\"",
            "500ms, 5s or 1m"),
        mistake(
            "size is negative",
            "stateDirectory",
            "limits: {batchSize: -1}\nstateDirectory",
            "limits.batchSize: ",
            "\"-1\"",
            "64KiB or 1MiB"),
        mistake(
            "a key given twice",
            "service: shop",
            "service: shop\nservice: shop",
            "service: ",
            "given twice"),
        mistake(
            "not YAML",
            "service: shop",
            "service: \"shop",
            "not valid YAML",
            "check indentation and quotes"),
        mistake(
            "lens file is missing",
            "file: split-customers.yaml",
            "file: split.yaml",
            "migrations[0].file: ",
            "split.yaml"),
        mistake(
            "file of a migration is missing",
            "file: split-customers.yaml, ",
            "",
            "migrations[0].file: ",
            "missing",
            "required"));
  }

  @ParameterizedTest
  @MethodSource("mistakesInTheFile")
  void aMistakeInTheFileIsOneLine(Mistake mistake) throws Exception {
    Files.writeString(config, with(mistake));
    assertOneLine(proxy(), mistake.told());
  }

  static Stream<Mistake> mistakesAboutTheServers() {
    return Stream.of(
        mistake(
            "old does not listen",
            "port: OLD_PORT,",
            "port: CLOSED_PORT,",
            " old: ",
            "CLOSED_PORT",
            "Connection refused",
            "check host, port"),
        mistake(
            "new does not listen",
            "port: NEW_PORT,",
            "port: CLOSED_PORT,",
            " new: ",
            "CLOSED_PORT",
            "Connection refused",
            "check host, port"),
        mistake(
            "host is not known",
            "old: {host: 127.0.0.1,",
            "old: {host: no-such-host.invalid,",
            " old.host: ",
            "no-such-host.invalid",
            "not known"),
        mistake(
            "wrong password for old",
            "database: shop, user: app, password: \"app secret\"",
            "database: shop, user: app, password: hush-hush",
            " old: ",
            "password authentication failed",
            "check host, port, database, user and password"),
        mistake(
            "wrong password for new",
            "database: shop2, user: app, password: \"app secret\"",
            "database: shop2, user: app, password: hush-hush",
            " new: ",
            "password authentication failed",
            "check host, port, database, user and password"),
        mistake(
            "no such user",
            "database: shop2, user: app,",
            "database: shop2, user: nobody,",
            " new: ",
            "nobody",
            "check host"),
        mistake(
            "no such database",
            "database: shop,",
            "database: shoe,",
            " old: ",
            "\"shoe\" does not exist",
            "check host"),
        mistake(
            "host to listen on is not known",
            "listen: {host: 127.0.0.1,",
            "listen: {host: no-such-host.invalid,",
            " listen.host: ",
            "no-such-host.invalid",
            "not known"),
        mistake(
            "admin host is not known",
            "admin: {host: 127.0.0.1,",
            "admin: {host: no-such-host.invalid,",
            " admin.host: ",
            "no-such-host.invalid",
            "not known"),
        mistake(
            "port to listen on is taken",
            "listen: {host: 127.0.0.1, port: 0}",
            "listen: {host: 127.0.0.1, port: OLD_PORT}",
            " listen: ",
            "OLD_PORT",
            "Address already in use",
            "another"),
        mistake(
            "admin port is taken",
            "admin: {host: 127.0.0.1, port: 0}",
            "admin: {host: 127.0.0.1, port: OLD_PORT}",
            " admin: ",
            "OLD_PORT",
            "Address already in use",
            "another"));
  }

  @ParameterizedTest
  @MethodSource("mistakesAboutTheServers")
  void aServerThatCannotBeUsedIsOneLine(Mistake mistake) throws Exception {
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closedPort = closed.getLocalPort();
    }
    Files.writeString(config, with(mistake));
    assertOneLine(proxy(), mistake.told());
  }

  static Stream<Mistake> mistakesInTheLens() {
    return Stream.of(
        mistake(
            "missing column of new",
            "p.given_name ||",
            "p.first_name ||",
            "spec.old.customers.down: ",
            "column p.first_name does not exist"),
        mistake(
            "missing function of new",
            "coalesce(",
            "coalesc(",
            "spec.old.customers.down: ",
            "function coalesc is not built in"),
        mistake(
            "operator that new does not have",
            "(p.balance * 100)",
            "(p.created_at * 100)",
            "spec.old.customers.down: ",
            "operator does not exist"),
        mistake(
            "missing table of new",
            "FROM people p",
            "FROM persons p",
            "spec.old.customers",
            "persons"),
        mistake(
            "missing table of old",
            "    customers:\n",
            "    clients:\n",
            "spec.old.clients",
            "clients"),
        mistake(
            "missing column of old",
            "c.email,",
            "c.email, 1 AS extra,",
            "spec.old.customers.down: ",
            "extra"),
        mistake(
            "unknown key",
            "owner: accounts",
            "ownr: accounts, owner: accounts",
            "metadata.ownr: ",
            "did you mean owner?"));
  }

  @ParameterizedTest
  @MethodSource("mistakesInTheLens")
  void aLensThatDoesNotFitIsOneLineThatNamesItsFile(Mistake mistake) throws Exception {
    Files.writeString(config, pair.config("RAMP", "100%", "random", ""));
    Path lens = pair.folder.resolve("split-customers.yaml");
    assertThat(Pair.LENS).contains(mistake.right());
    Files.writeString(lens, Pair.LENS.replace(mistake.right(), mistake.wrong()));
    assertOneLine(proxy(), lens, mistake.told());
  }

  @Test
  void severalMistakesAreAllToldInTheOrderOfTheFile() throws Exception {
    Files.writeString(
        config,
        """
        service: shop
        listen: {host: 127.0.0.1, port: 99999}
        old: {prt: 1, database: shop, user: app, password: hush-hush}
        new: {host: 127.0.0.1, user: app, password: hush-hush}
        migrations:
          - {file: split-customers.yaml, stage: RUMP, reads: "1000%"}
        limits: {sessions: many}
        """);
    Ended ended = proxy();
    assertThat(ended.err().stream().map(line -> line.split(" ", 3)[1]))
        .containsExactly(
            "listen.port:",
            "old.prt:",
            "new.database:",
            "migrations[0].stage:",
            "migrations[0].reads:",
            "limits.sessions:");
    assertThat(ended.err())
        .allMatch(line -> line.matches(Pattern.quote(config.toString()) + ":\\d+:\\d+ .*"));
    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.err().toString() + ended.out()).doesNotContain("hush");
  }

  @Test
  void bothServersAreToldOfTogether() throws Exception {
    Files.writeString(
        config, pair.config("OFF", "0%", "random", "").replace(Pair.PASSWORD, "hush-hush"));
    Ended ended = proxy();
    assertThat(ended.err()).hasSize(2);
    assertThat(ended.err().get(0)).startsWith(config + " old: ");
    assertThat(ended.err().get(1)).startsWith(config + " new: ");
    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.err().toString()).doesNotContain("hush");
  }

  @Test
  void aFileThatCannotBeReadIsOneLine() throws Exception {
    Path missing = pair.folder.resolve("nothing.yaml");
    assertOneLine(
        run("--config", missing.toString()), missing, List.of("cannot be read", "no such file"));
    assertOneLine(
        run("--config", pair.folder.toString()),
        pair.folder,
        List.of("cannot be read", "directory"));
    Files.write(config, new byte[] {'a', (byte) 0xff, ':', ' ', 'b'});
    assertOneLine(proxy(), List.of("cannot be read", "UTF-8"));
    Files.writeString(config, "");
    assertOneLine(proxy(), List.of("the file is empty"));
  }

  @Test
  void aWrongCommandLineIsOneLine() {
    assertOneLine(
        run("--config", "x", "--confg", "y"), Path.of("proxy"), List.of("--confg", "--help"));
    assertOneLine(run("--config"), Path.of("proxy"), List.of("--config", "--help"));
    assertOneLine(run(), Path.of("proxy"), List.of("--config", "--help"));
    assertOneLine(run("--config", "x", "more"), Path.of("proxy"), List.of("more", "--help"));
  }

  @Test
  void theProcessSaysTheSameAndEndsWithTwo() throws Exception {
    Files.writeString(config, pair.config("RAMP", "100%", "random", "limits: {drian: 1s}"));
    try (ChildJvm child =
        ChildJvm.of(SidecarMain.class).arguments("--config", config.toString()).start()) {
      assertThat(child.awaitExit(BOUND)).isEqualTo(2);
      assertThat(child.output())
          .singleElement()
          .asString()
          .contains(config + ":", "limits.drian: ", "did you mean drain?");
    }
  }

  /** The right configuration with the mistake in it. */
  private static String with(Mistake mistake) throws IOException {
    String right = withPorts(mistake.right());
    String text = pair.config("RAMP", "100%", "random", "");
    assertThat(text).contains(right);
    return text.replaceFirst(
        Pattern.quote(right), Matcher.quoteReplacement(withPorts(mistake.wrong())));
  }

  private static String withPorts(String text) {
    return text.replace("OLD_PORT", Integer.toString(pair.old.port()))
        .replace("NEW_PORT", Integer.toString(pair.target.port()))
        .replace("CLOSED_PORT", Integer.toString(closedPort));
  }

  private static Ended proxy() {
    return run("--config", config.toString());
  }

  /** The program in this JVM; what it should have refused would run for ever, hence the bound. */
  private static Ended run(String... arguments) {
    PrintStream err = System.err;
    PrintStream out = System.out;
    ByteArrayOutputStream printedErr = new ByteArrayOutputStream();
    ByteArrayOutputStream printedOut = new ByteArrayOutputStream();
    System.setErr(new PrintStream(printedErr, true, StandardCharsets.UTF_8));
    System.setOut(new PrintStream(printedOut, true, StandardCharsets.UTF_8));
    try {
      int code =
          assertTimeoutPreemptively(BOUND, () -> SidecarMain.commandLine().execute(arguments));
      return new Ended(
          code,
          printedErr.toString(StandardCharsets.UTF_8).lines().toList(),
          printedOut.toString(StandardCharsets.UTF_8));
    } finally {
      System.setErr(err);
      System.setOut(out);
    }
  }

  private static void assertOneLine(Ended ended, List<String> told) {
    assertOneLine(ended, config, told);
  }

  /**
   * @param source what the line starts with: the file that is wrong
   */
  private static void assertOneLine(Ended ended, Path source, List<String> told) {
    assertThat(ended.err()).as("stderr").hasSize(1);
    String line = ended.err().getFirst();
    assertThat(line).startsWith(source.toString());
    assertThat(line.substring(source.toString().length()))
        .containsSubsequence(told.stream().map(ConfigMistakesIT::withPorts).toList())
        .doesNotContain(Pair.PASSWORD, "hush", "Exception", "null");
    assertThat(ended.out()).isEmpty();
    assertThat(ended.code()).isEqualTo(2);
  }
}
