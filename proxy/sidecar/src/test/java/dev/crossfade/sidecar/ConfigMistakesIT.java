package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.crossfade.testkit.process.ChildJvm;
import dev.crossfade.testkit.tls.Authority;
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

  private static final String USERS =
      """
      users:
        - {name: shop, verifier: "SCRAM-SHA-256$4096:c2FsdA==$%1$s:%1$s", old: {user: app, password: hush-hush}}
        - {name: local, peer: root, old: {user: app}}
      """
          .formatted("A".repeat(43) + "=");

  private static Pair pair;
  private static Path config;
  private static int closedPort;

  /** What the program said in this JVM. */
  private record Ended(int code, List<String> err, String out) {}

  @BeforeAll
  static void start() throws Exception {
    pair = new Pair();
    config = pair.folder.resolve("sidecar.yaml");
    Authority authority = Authority.create("root");
    authority.issue("good", "127.0.0.1").write(pair.folder, "good");
    authority.issue("other", "127.0.0.1").write(pair.folder, "other");
    Files.writeString(pair.folder.resolve("nothing.txt"), "nothing");
    for (String kind : List.of("RSA ", "ENCRYPTED ")) {
      String name = kind.equals("RSA ") ? "older.key" : "encrypted.key";
      Files.writeString(
          pair.folder.resolve(name),
          "-----BEGIN %1$sPRIVATE KEY-----\nAAAA\n-----END %1$sPRIVATE KEY-----\n".formatted(kind));
    }
  }

  @AfterAll
  static void stop() throws IOException {
    pair.close();
  }

  static Stream<Mistake> mistakesInTheFile() throws IOException {
    return Mistake.read("mistakes-in-the-file.txt");
  }

  @ParameterizedTest
  @MethodSource("mistakesInTheFile")
  void aMistakeInTheFileIsOneLine(Mistake mistake) throws Exception {
    Files.writeString(config, with(mistake));
    assertOneLine(proxy(), mistake.told());
  }

  static Stream<Mistake> mistakesAboutTheServers() throws IOException {
    return Mistake.read("mistakes-about-the-servers.txt");
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

  static Stream<Mistake> mistakesInTheLens() throws IOException {
    return Mistake.read("mistakes-in-the-lens.txt");
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

  static Stream<Mistake> mistakesAmongTheUsers() throws IOException {
    return Mistake.read("mistakes-among-the-users.txt");
  }

  @ParameterizedTest
  @MethodSource("mistakesAmongTheUsers")
  void aMistakeAmongTheUsersIsOneLineThatNamesItsFile(Mistake mistake) throws Exception {
    Path users = users(", socket: .");
    assertThat(USERS).contains(mistake.right());
    Files.writeString(users, USERS.replace(mistake.right(), mistake.wrong()));
    assertOneLine(proxy(), users, mistake.told());
  }

  @Test
  void usersWhoCannotBeAreToldOf() throws Exception {
    Path users = users("");
    Files.writeString(users, USERS);
    assertOneLine(proxy(), users, List.of("users[1].peer:", "set listen.socket"));
    Files.writeString(users, "users: []");
    assertOneLine(proxy(), users, List.of("users:", "empty", "nobody could log in"));
    Files.writeString(users, "nobody: []");
    assertThat(proxy().err()).hasSize(2).allMatch(line -> line.startsWith(users.toString()));
  }

  /** A configuration that names a file of users. */
  private static Path users(String listen) throws IOException {
    String right = pair.config("RAMP", "100%", "random", "");
    Files.writeString(
        config,
        right.replaceFirst(
            "port: 0}",
            "port: 0, authentication: {mode: terminated, users: users.yaml}" + listen + "}"));
    return pair.folder.resolve("users.yaml");
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
