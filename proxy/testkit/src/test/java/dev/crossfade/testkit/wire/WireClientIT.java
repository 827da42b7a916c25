package dev.crossfade.testkit.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.testkit.postgres.Authentication;
import dev.crossfade.testkit.postgres.EmbeddedServer;
import dev.crossfade.testkit.process.Await;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class WireClientIT {
  private static EmbeddedServer server;

  @BeforeAll
  static void startServer() {
    server =
        EmbeddedServer.builder()
            .role("sam", "s3cret")
            .role("mia", "md", Authentication.MD5)
            .role("cleo", "clear", Authentication.CLEARTEXT)
            .start();
  }

  @AfterAll
  static void closeServer() {
    server.close();
  }

  @Test
  void logsInByEveryMethod() throws IOException {
    assertThat(login("sam", "s3cret"))
        .startsWith("R sasl SCRAM-SHA-256\nR sasl challenge\nR sasl final\nR ok\nS ")
        .endsWith("K pid secret\nZ I");
    assertThat(login("mia", "md")).startsWith("R md5 salt\nR ok\nS ").endsWith("Z I");
    assertThat(login("cleo", "clear")).startsWith("R cleartext\nR ok\nS ").endsWith("Z I");
    assertThat(login("postgres", "")).startsWith("R ok\nS ").endsWith("Z I");
    assertThat(login("sam", "wrong")).contains("E S=FATAL").contains("C=28P01");
    assertThat(login("mia", "wrong")).contains("C=28P01");
  }

  @Test
  void simpleQueryShowsEveryFrame() throws IOException {
    try (WireClient client = session()) {
      assertThat(FrameText.of(client.query("SELECT 1 AS n, 'abc' AS t, NULL AS u")))
          .isEqualTo(
              """
              T n{table=0.0 type=23,4,-1 format=0} t{table=0.0 type=25,-1,-1 format=0} u{table=0.0 type=25,-1,-1 format=0}
              D '1' 'abc' NULL
              C SELECT 1
              Z I\
              """);
      List<Frame> failed = client.query("BEGIN; SELECT nope");
      assertThat(failed).extracting(Frame::type).containsExactly('C', 'E', 'Z');
      assertThat(failed.get(1).sqlState()).isEqualTo("42703");
      assertThat(failed.getLast().status()).isEqualTo('E');
    }
  }

  @Test
  void extendedQueryWithBinaryValuesAndARowLimit() throws IOException {
    try (WireClient client = session()) {
      List<Frame> frames =
          client.exchange(
              Messages.parse("s", "SELECT g FROM generate_series($1, $2) g", 23, 23),
              Messages.describeStatement("s"),
              Messages.bind("p", "s", List.of(Parameter.int4(1), Parameter.text("3")), List.of(1)),
              Messages.describePortal("p"),
              Messages.execute("p", 2),
              Messages.execute("p", 0),
              Messages.closePortal("p"),
              Messages.closeStatement("s"),
              Messages.sync());
      assertThat(FrameText.of(frames))
          .isEqualTo(
              """
              1
              t 23 23
              T g{table=0.0 type=23,4,-1 format=0}
              2
              T g{table=0.0 type=23,4,-1 format=1}
              D x'00000001'
              D x'00000002'
              s
              D x'00000003'
              C SELECT 1
              3
              3
              Z I\
              """);
      client.send(Messages.parse("", ""), Messages.flush());
      assertThat(client.read(1)).hasToString("[1]");
    }
  }

  @Test
  void copiesInAndOutAndFails() throws IOException {
    try (WireClient client = session()) {
      client.query("CREATE TEMP TABLE c (a int, b text)");
      client.send(Messages.query("COPY c FROM STDIN"));
      assertThat(client.readUntil("G")).hasToString("[G format=0 columns=0,0]");
      assertThat(FrameText.of(client.exchange(Messages.copyData("1\tone\n"), Messages.copyDone())))
          .isEqualTo("C COPY 1\nZ I");
      client.send(Messages.query("COPY c FROM STDIN"));
      client.readUntil("G");
      List<Frame> failed =
          client.exchange(
              Messages.copyData("2\ttwo\n".getBytes(UTF_8)), Messages.copyFail("enough"));
      assertThat(failed.getFirst().fields().get('M')).contains("enough");
      assertThat(FrameText.of(client.query("COPY c TO STDOUT")))
          .isEqualTo("H format=0 columns=0,0\nd '1\\tone\\n'\nc\nC COPY 1\nZ I");
    }
  }

  @Test
  void cancelsARunningQuery() throws IOException {
    try (WireClient client = session();
        WireClient canceller = WireClient.connect(server.host(), server.port())) {
      client.send(Messages.query("SELECT pg_sleep(60)"));
      try (WireClient observer = session()) {
        String running =
            "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE"
                + " '%pg_sleep(60)' AND pid <> pg_backend_pid()";
        Await.until("the query to run", () -> "1".equals(observer.query(running).get(1).text(0)));
      }
      canceller.send(Messages.cancel(client.key()));
      assertThat(canceller.readUntilClosed()).isEmpty();
      assertThat(client.readUntilReady())
          .anyMatch(frame -> frame.type() == 'E' && frame.sqlState().equals("57014"));
    }
  }

  @Test
  void encryptionIsRefusedByASingleByte() throws IOException {
    try (WireClient client = WireClient.connect(server.host(), server.port())) {
      assertThat(client.send(Messages.gssRequest()).readByte()).isEqualTo('N');
      assertThat(client.send(Messages.sslRequest()).readByte()).isEqualTo('N');
      assertThat(client.login(Map.of("user", "postgres"), "").getLast().type()).isEqualTo('Z');
    }
  }

  @Test
  void terminateEndsTheConnectionAndEndsAreReported() throws IOException {
    try (WireClient client = session()) {
      client.send(Messages.terminate());
      assertThat(client.read()).isNull();
      assertThatThrownBy(client::readUntilReady).isInstanceOf(EOFException.class);
    }
    try (WireClient client = session()) {
      client.shutdownOutput();
      assertThat(client.readUntilClosed()).isEmpty();
    }
  }

  @Test
  void waitingInVainShowsWhatCame() throws IOException {
    try (WireClient client = session()) {
      client.timeout(Duration.ofMillis(300)).send(Messages.parse("", "SELECT 1"), Messages.flush());
      assertThatThrownBy(client::readUntilReady)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("within PT0.3S")
          .hasMessageEndingWith("\n1");
    }
  }

  private static WireClient session() throws IOException {
    WireClient client = WireClient.connect(server.host(), server.port());
    client.login("postgres", "postgres", "");
    return client;
  }

  private static String login(String user, String password) throws IOException {
    try (WireClient client = WireClient.connect(server.host(), server.port())) {
      return FrameText.of(client.login("postgres", user, password));
    }
  }
}
