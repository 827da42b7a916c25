package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.crossfade.testkit.wire.Frame;
import dev.crossfade.testkit.wire.FrameText;
import dev.crossfade.testkit.wire.Messages;
import dev.crossfade.testkit.wire.WireClient;
import java.io.IOException;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Clients show the sidecar who they are, and hold no secret of a database. */
class TerminatedAuthenticationIT {
  private static final Duration BOUND = Duration.ofSeconds(20);
  private static final String WHO = "SELECT current_user, session_user, current_database()";

  private static final LeakWatch LEAKS = new LeakWatch();

  private static TerminatedPair users;
  private static Sidecar sidecar;

  @BeforeAll
  static void start() throws Exception {
    users = new TerminatedPair();
    sidecar = users.sidecar();
  }

  @AfterAll
  static void stop() throws IOException {
    sidecar.close();
    users.close();
    assertThat(LEAKS.leaks()).isEmpty();
    LEAKS.close();
  }

  private static String value(Connection connection, String sql) throws Exception {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  @Test
  void theRoleOnOldIsTheOneThatTheUserIsGiven() throws Exception {
    for (String[] user :
        new String[][] {
          {"shop", "app"}, {"app", "app"}, {"trusted", "trusted"}, {"reports", "reporting"}
        }) {
      try (Connection connection = TerminatedPair.jdbc(sidecar, user[0], TerminatedPair.PASSWORD)) {
        assertThat(value(connection, WHO)).as(user[0]).isEqualTo(user[1]);
      }
    }
  }

  @Test
  void psqlIsLetInWithAndWithoutChannelBinding() throws Exception {
    String plain = TerminatedPair.port(sidecar, "shop", "sslmode=disable");
    String secure = TerminatedPair.port(sidecar, "shop", "sslmode=verify-full channel_binding=");
    assertThat(users.psql(plain, TerminatedPair.PASSWORD, WHO)).isEqualTo("app|app|shop\n");
    for (String binding : List.of("disable", "prefer", "require")) {
      assertThat(users.psql(secure + binding, TerminatedPair.PASSWORD, WHO))
          .as(binding)
          .isEqualTo("app|app|shop\n");
      assertThat(users.psql(secure + binding, "wrong", WHO))
          .as(binding)
          .contains("FATAL:  password authentication failed for user \"shop\"");
    }
  }

  @Test
  void theDriverBindsToTheCertificateToo() throws Exception {
    String root = users.pair.folder.resolve("root.crt").toString();
    for (String binding : List.of("disable", "prefer", "require")) {
      try (Connection connection =
          TerminatedPair.jdbc(
              sidecar,
              "shop",
              TerminatedPair.PASSWORD,
              "sslmode",
              "verify-full",
              "sslrootcert",
              root,
              "channelBinding",
              binding)) {
        assertThat(value(connection, "SELECT current_user")).as(binding).isEqualTo("app");
      }
    }
  }

  /** A handshake that takes up an earlier one shows no certificate again. */
  @Test
  void bindingIsOfferedInEveryHandshake() throws Exception {
    long created = 0;
    for (int i = 0; i < 3; i++) {
      try (WireClient client = users.secure(sidecar)) {
        client.send(Messages.startup(Map.of("user", "shop")));
        if (i > 0) {
          assertThat(client.tls().getCreationTime()).isEqualTo(created);
        }
        created = client.tls().getCreationTime();
        assertThat(FrameText.of(client.read(1)))
            .as("handshake %s", i)
            .isEqualTo("R sasl SCRAM-SHA-256-PLUS,SCRAM-SHA-256");
      }
    }
  }

  @Test
  void aPeerOnTheSocketIsLetInWithoutAPassword() throws Exception {
    String socket =
        "host=%s port=%d dbname=shop user="
            .formatted(users.pair.folder.resolve("run"), sidecar.address().getPort());
    assertThat(users.psql(socket + "local", "", WHO)).isEqualTo("app|app|shop\n");
    assertThat(users.psql(socket + "stranger", TerminatedPair.PASSWORD, WHO))
        .contains("FATAL:  Peer authentication failed for user \"stranger\"");
    assertThat(users.psql(socket + "shop", TerminatedPair.PASSWORD, WHO))
        .isEqualTo("app|app|shop\n");
    assertThat(users.psql(socket + "shop", "wrong", WHO))
        .contains("FATAL:  password authentication failed for user \"shop\"");
    assertThat(users.psql(socket + "nobody", "wrong", WHO))
        .contains("FATAL:  password authentication failed for user \"nobody\"");
    // Through the port nobody is a peer.
    assertThat(users.psql(TerminatedPair.port(sidecar, "local", ""), "", WHO))
        .doesNotContain("app|app");
    assertThat(
            users.psql(TerminatedPair.port(sidecar, "stranger", ""), TerminatedPair.PASSWORD, WHO))
        .isEqualTo("app|app|shop\n");
  }

  /** Everything after the AuthenticationOk is what old says, with the client's own settings. */
  @Test
  void theSessionBeginsAsOldHasIt() throws Exception {
    Map<String, String> parameters =
        Map.of(
            "user",
            "app",
            "database",
            "shop",
            "application_name",
            "it",
            "client_encoding",
            "LATIN1",
            "options",
            "-c work_mem=7MB -c DateStyle=German");
    String settings =
        "SELECT current_setting('work_mem'), current_setting('application_name'), '3.2.1999'::date";
    try (WireClient direct = WireClient.connect(users.pair.old.host(), users.pair.old.port());
        WireClient client = users.secure(sidecar)) {
      List<Frame> expected = direct.login(parameters, Pair.PASSWORD);
      List<Frame> heard = client.login(parameters, TerminatedPair.PASSWORD);
      assertThat(expected.getLast().type()).isEqualTo('Z');
      // The first three are the exchange.
      GoldenTranscriptIT.assertSame(
          expected.subList(3, expected.size()), heard.subList(3, heard.size()));
      assertThat(FrameText.of(client.query(settings)))
          .isEqualTo(FrameText.of(direct.query(settings)))
          .contains("7MB");
    }
  }

  @Test
  void theDatabaseIsThatOfTheUsersOwnNameUnlessOneIsAskedFor() throws Exception {
    try (WireClient client = TerminatedPair.connect(sidecar)) {
      client.login(Map.of("user", "shop"), TerminatedPair.PASSWORD);
      assertThat(client.query(WHO).get(1).text(2)).isEqualTo("shop");
    }
    try (WireClient client = TerminatedPair.connect(sidecar)) {
      List<Frame> heard =
          client.login(Map.of("user", "shop", "database", "nowhere"), TerminatedPair.PASSWORD);
      assertThat(heard.getLast().sqlState()).isEqualTo("3D000");
      assertThat(heard.getLast().fields().get('M'))
          .isEqualTo("database \"nowhere\" does not exist");
    }
  }

  @Test
  void readsAreStillAnsweredByNew() throws Exception {
    String sql = "SELECT id, full_name, email FROM customers WHERE id = 7";
    try (WireClient direct = WireClient.connect(users.pair.old.host(), users.pair.old.port());
        WireClient client = users.secure(sidecar)) {
      direct.login("shop", Pair.USER, Pair.PASSWORD);
      client.login("shop", "shop", TerminatedPair.PASSWORD);
      String expected = FrameText.of(direct.query(sql));
      long before = Pair.queries(sidecar, "side=\"new\"");
      await()
          .atMost(BOUND)
          .until(
              () -> {
                assertThat(FrameText.of(client.query(sql))).isEqualTo(expected);
                return Pair.queries(sidecar, "side=\"new\"") > before;
              });
    }
  }

  /** It is the role on old that decides, not the name that the client has. */
  @Test
  void whoMayNotReadOnOldIsNotAnsweredByNew() throws Exception {
    try (WireClient client = TerminatedPair.connect(sidecar)) {
      client.login("shop", "reports", TerminatedPair.PASSWORD);
      for (int i = 0; i < 20; i++) {
        List<Frame> heard = client.query("SELECT full_name FROM customers WHERE id = 1");
        assertThat(heard.getFirst().sqlState()).isEqualTo("42501");
      }
    }
  }

  @Test
  void cancelReachesTheQuery() throws Exception {
    try (WireClient client = users.secure(sidecar)) {
      client.login("shop", "shop", TerminatedPair.PASSWORD);
      client.send(Messages.query("SELECT pg_sleep(60)"));
      await().atMost(BOUND).until(() -> OneServer.sleepers(users.pair.old) == 1);
      try (WireClient canceller = TerminatedPair.connect(sidecar)) {
        canceller.send(Messages.cancel(client.key()));
        assertThat(canceller.readUntilClosed()).isEmpty();
      }
      assertThat(client.readUntil("E").getLast().sqlState()).isEqualTo("57014");
    }
  }
}
