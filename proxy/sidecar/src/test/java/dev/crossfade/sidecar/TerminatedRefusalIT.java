package dev.crossfade.sidecar;

import static dev.crossfade.sidecar.SaslMessages.CLIENT_FIRST;
import static dev.crossfade.sidecar.SaslMessages.initial;
import static dev.crossfade.sidecar.SaslMessages.response;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.ongres.scram.client.ScramClient;
import dev.crossfade.testkit.wire.Frame;
import dev.crossfade.testkit.wire.FrameText;
import dev.crossfade.testkit.wire.Messages;
import dev.crossfade.testkit.wire.WireClient;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whom the sidecar does not let in, and what they are told. */
class TerminatedRefusalIT {
  private static final Duration BOUND = Duration.ofSeconds(20);

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

  /** Whatever a client did, nothing of it is left. */
  @AfterEach
  void nobodyIsLeft() {
    await().atMost(BOUND).until(() -> Pair.metric(sidecar, "crossfade_sessions") == 0);
  }

  private static byte[] startup(String user) {
    return Messages.startup(Map.of("user", user, "database", "shop"));
  }

  /** The challenge's text, after the first message. */
  private static String challenge(String user) throws IOException {
    try (WireClient client = TerminatedPair.connect(sidecar)) {
      client.send(startup(user), initial(CLIENT_FIRST));
      return SaslMessages.text(client.read(2).getLast());
    }
  }

  @Test
  void aWrongPasswordAndAnUnknownUserAreToldTheSame() throws Exception {
    for (String user : List.of("shop", "nobody", "local", "x\"y")) {
      try (WireClient client = TerminatedPair.connect(sidecar)) {
        List<Frame> heard = client.login("shop", user, "wrong");
        assertThat(heard).extracting(Frame::type).containsExactly('R', 'R', 'E');
        assertThat(heard.getLast().fields())
            .containsEntry('S', "FATAL")
            .containsEntry('C', "28P01")
            .containsEntry('M', "password authentication failed for user \"" + user + "\"");
        assertThat(client.readUntilClosed()).isEmpty();
      }
    }
    assertThatThrownBy(() -> TerminatedPair.jdbc(sidecar, "shop", "wrong").close())
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("password authentication failed");
  }

  /** Somebody who asks twice must not learn from the salt that there is no such user. */
  @Test
  void anUnknownUserHasASaltLikeAnyOther() throws Exception {
    String known = challenge("shop").replaceFirst("r=[^,]*", "");
    String unknown = challenge("nobody").replaceFirst("r=[^,]*", "");
    assertThat(challenge("shop").replaceFirst("r=[^,]*", "")).isEqualTo(known);
    assertThat(challenge("nobody").replaceFirst("r=[^,]*", "")).isEqualTo(unknown);
    assertThat(unknown).hasSameSizeAs(known).isNotEqualTo(known).endsWith(",i=4096");
    assertThat(challenge("nobody else").replaceFirst("r=[^,]*", "")).isNotEqualTo(unknown);
    try (Sidecar another = users.sidecar("", "")) {
      assertThat(another.address().getPort()).isPositive();
      try (WireClient client = TerminatedPair.connect(another)) {
        client.send(startup("nobody"), initial(CLIENT_FIRST));
        assertThat(SaslMessages.text(client.read(2).getLast())).endsWith(unknown);
      }
    }
  }

  static Stream<byte[][]> garbage() {
    String nonce = "abcdefghijkl";
    return Stream.of(
        new byte[][] {Messages.query("SELECT 1")},
        new byte[][] {Messages.password("wrong")},
        new byte[][] {response("")},
        new byte[][] {{'p', 0, 0, 0, 3}},
        new byte[][] {{'p', 0, 0, 4, 1}},
        new byte[][] {{'p', -1, -1, -1, -1}},
        new byte[][] {initial("SCRAM-SHA-1", CLIENT_FIRST)},
        // Not on offer where there is no encryption.
        new byte[][] {initial("SCRAM-SHA-256-PLUS", "p=tls-server-end-point,,n=,r=" + nonce)},
        new byte[][] {initial("")},
        new byte[][] {initial("n")},
        new byte[][] {initial("n,")},
        new byte[][] {initial("n,,")},
        new byte[][] {initial("x,,n=,r=" + nonce)},
        new byte[][] {initial("p=tls-server-end-point,,n=,r=" + nonce)},
        new byte[][] {initial("n,,r=" + nonce)},
        new byte[][] {initial("n,,n=,r=")},
        new byte[][] {initial("n,,n=,r=\u0007")},
        new byte[][] {initial("n,,n=,r=" + nonce + ",,")},
        new byte[][] {initial("n,,n=\0,r=" + nonce)},
        new byte[][] {initial("n,,n=,r=" + "a".repeat(1100))},
        new byte[][] {initial(CLIENT_FIRST), Messages.query("SELECT 1")},
        new byte[][] {initial(CLIENT_FIRST), initial(CLIENT_FIRST)},
        new byte[][] {initial(CLIENT_FIRST), response("")},
        new byte[][] {initial(CLIENT_FIRST), response("c=biws,r=" + nonce + ",p=AAAA")},
        new byte[][] {initial(CLIENT_FIRST), response("c=*,r=" + nonce)});
  }

  @ParameterizedTest
  @MethodSource("garbage")
  void whatIsNoPartOfTheExchangeEndsIt(byte[][] messages) throws Exception {
    try (WireClient client = TerminatedPair.connect(sidecar)) {
      client.send(startup("shop")).send(messages);
      List<Frame> heard = client.readUntilClosed();
      assertThat(heard.getLast().sqlState()).as(FrameText.of(heard)).isEqualTo("08P01");
    }
  }

  @Test
  void everyPieceOfAFrameIsWaitedFor() throws Exception {
    try (WireClient client = TerminatedPair.connect(sidecar)) {
      client.send(startup("shop"));
      client.read(1);
      for (byte piece : initial(CLIENT_FIRST)) {
        client.send(new byte[] {piece});
      }
      assertThat(FrameText.of(client.read(1))).isEqualTo("R sasl challenge");
    }
  }

  @Test
  void whoVanishesMidwayLeavesNothing() throws Exception {
    byte[] first = initial(CLIENT_FIRST);
    for (int i = 0; i < 40; i++) {
      try (WireClient client = TerminatedPair.connect(sidecar)) {
        client.send(startup("shop"));
        if (i % 2 == 0) {
          client.read(1);
          client.send(Arrays.copyOf(first, i));
        }
        if (i % 3 == 0) {
          client.reset();
        } else if (i % 3 == 1) {
          client.shutdownOutput();
          assertThat(client.readUntilClosed()).allMatch(frame -> frame.type() == 'R');
        }
      }
    }
    try (WireClient client = TerminatedPair.connect(sidecar)) {
      client.send(startup("shop"), Messages.terminate());
      assertThat(client.readUntilClosed()).extracting(Frame::type).containsExactly('R');
    }
  }

  /** Old does not answer; that must not keep what the client has left behind. */
  @Test
  void whoVanishesWhileOldIsSlowLeavesNothing() throws Exception {
    users.pair.old.freeze();
    try (WireClient client = TerminatedPair.connect(sidecar)) {
      ScramClient scram = SaslMessages.client(TerminatedPair.PASSWORD);
      client.send(startup("shop"));
      client.read(1);
      client.send(initial(scram.clientFirstMessage().toString()));
      client.send(SaslMessages.last(scram, client.read(1).getFirst()));
      assertThat(client.read(1).getFirst().type()).isEqualTo('R');
      assertThat(Pair.metric(sidecar, "crossfade_sessions")).isOne();
      client.reset();
      nobodyIsLeft();
    } finally {
      users.pair.old.thaw();
    }
  }

  /** As on the server: what comes with the last message of the login is answered after it. */
  @Test
  void whatIsSentEarlyIsAnsweredWhenOldIsThere() throws Exception {
    try (WireClient client = TerminatedPair.connect(sidecar)) {
      ScramClient scram = SaslMessages.client(TerminatedPair.PASSWORD);
      client.send(startup("shop"), initial(scram.clientFirstMessage().toString()));
      byte[] last = SaslMessages.last(scram, client.read(2).getLast());
      client.send(last, Messages.query("SELECT 'early'"), Messages.query("SELECT 'too'"));
      client.shutdownOutput();
      List<Frame> heard = client.readUntilClosed();
      assertThat(heard.stream().filter(frame -> frame.type() == 'D').map(frame -> frame.text(0)))
          .containsExactly("early", "too");
    }
  }

  @Test
  void versionsAndOptionsAreNegotiatedDown() throws Exception {
    Map<String, String> parameters = Map.of("user", "app", "database", "shop", "_pq_.unknown", "1");
    try (WireClient direct = WireClient.connect(users.pair.old.host(), users.pair.old.port());
        WireClient client = TerminatedPair.connect(sidecar);
        WireClient newer = TerminatedPair.connect(sidecar)) {
      Frame expected = direct.login(parameters, Pair.PASSWORD).getFirst();
      assertThat(expected.type()).isEqualTo('v');
      List<Frame> heard = client.login(parameters, TerminatedPair.PASSWORD);
      assertThat(heard.getLast().type()).isEqualTo('Z');
      ByteBuffer body = ByteBuffer.wrap(expected.body().clone());
      // The server may speak a newer version than this.
      body.putInt(0, 3 << 16);
      assertThat(heard.getFirst().body()).isEqualTo(body.array());
      newer.send(Messages.startup((3 << 16) + 2, Map.of("user", "app", "database", "shop")));
      assertThat(newer.read(1).getFirst().body()).isEqualTo(new byte[] {0, 3, 0, 0, 0, 0, 0, 0});
      assertThat(FrameText.of(newer.read(1))).contains("sasl SCRAM-SHA-256");
    }
  }

  @Test
  void whatIsNotToBeHadIsSaidSo() throws Exception {
    Map<byte[], String> refused =
        Map.of(
            Messages.startup(Map.of("user", "shop", "replication", "database")),
            "0A000",
            Messages.startup(2 << 16, Map.of("user", "shop")),
            "0A000",
            Messages.startup(Map.of("database", "shop")),
            "28000",
            new byte[] {0, 0, 0, 10, 0, 3, 0, 0, 'u', 's'},
            "08P01");
    for (Map.Entry<byte[], String> startup : refused.entrySet()) {
      try (WireClient client = TerminatedPair.connect(sidecar)) {
        List<Frame> heard = client.send(startup.getKey()).readUntilClosed();
        assertThat(heard).singleElement().extracting(Frame::sqlState).isEqualTo(startup.getValue());
      }
    }
    for (String first : List.of("n,a=admin,n=,r=abcdefghijkl", "n,,m=must,n=,r=abcdefghijkl")) {
      try (WireClient client = TerminatedPair.connect(sidecar)) {
        List<Frame> heard = client.send(startup("shop"), initial(first)).readUntilClosed();
        assertThat(heard.getLast().sqlState()).isEqualTo("0A000");
      }
    }
  }

  /** Somebody between took the better mechanism out of the list. */
  @Test
  void aClientThatCouldHaveBoundIsNotLetIn() throws Exception {
    try (WireClient client = users.secure(sidecar)) {
      client.send(startup("shop"), initial("y,,n=,r=abcdefghijkl"));
      Frame refusal = client.readUntilClosed().getLast();
      assertThat(refusal.sqlState()).isEqualTo("28000");
      assertThat(refusal.fields().get('M')).isEqualTo("SCRAM channel binding negotiation error");
    }
    try (WireClient client = TerminatedPair.connect(sidecar)) {
      client.send(startup("shop"), initial("y,,n=,r=abcdefghijkl"));
      assertThat(FrameText.of(client.read(2))).endsWith("sasl challenge");
    }
  }

  @Test
  void whatOldRefusesIsToldAsOlds() throws Exception {
    try (WireClient client = TerminatedPair.connect(sidecar)) {
      List<Frame> heard = client.login("shop", "broken", TerminatedPair.PASSWORD);
      assertThat(heard).extracting(Frame::type).containsExactly('R', 'R', 'R', 'E');
      assertThat(heard.getLast().fields())
          .containsEntry('S', "FATAL")
          .containsEntry('C', "28P01")
          .hasEntrySatisfying(
              'M',
              message ->
                  assertThat(message)
                      .contains("the database at 127.0.0.1:" + users.pair.old.port())
                      .contains("did not let the sidecar in as \"reporting\"")
                      .contains("password authentication failed"));
      assertThat(client.readUntilClosed()).isEmpty();
    }
  }

  /** Who has not shown who it is does not even make the sidecar connect. */
  @Test
  void oldIsConnectedOnlyForThoseWhoAreLetIn() throws Exception {
    users.pair.old.stop();
    try {
      try (WireClient client = TerminatedPair.connect(sidecar)) {
        assertThat(client.login("shop", "shop", "wrong").getLast().sqlState()).isEqualTo("28P01");
      }
      try (WireClient client = TerminatedPair.connect(sidecar)) {
        Frame refusal = client.login("shop", "shop", TerminatedPair.PASSWORD).getLast();
        assertThat(refusal.sqlState()).isEqualTo("08006");
        assertThat(refusal.fields().get('M'))
            .startsWith(
                "the database at 127.0.0.1:" + users.pair.old.port() + " cannot be reached");
        assertThat(client.readUntilClosed()).isEmpty();
      }
    } finally {
      users.pair.old.startAgain();
    }
  }

  @Test
  void aLoginHasATimeLimitWhoeverIsSlow() throws Exception {
    try (Sidecar hasty = users.sidecar("", "limits: {startupTimeout: 1500ms}")) {
      try (WireClient client = TerminatedPair.connect(hasty)) {
        client.send(startup("shop"), initial(CLIENT_FIRST));
        List<Frame> heard = client.readUntilClosed();
        assertThat(heard).extracting(Frame::type).containsExactly('R', 'R', 'E');
        assertThat(heard.getLast().sqlState()).isEqualTo("57014");
      }
      users.pair.old.freeze();
      try (WireClient client = TerminatedPair.connect(hasty)) {
        List<Frame> heard = client.login("shop", "shop", TerminatedPair.PASSWORD);
        assertThat(heard.getLast().sqlState()).isEqualTo("57014");
        assertThat(client.readUntilClosed()).isEmpty();
      } finally {
        users.pair.old.thaw();
      }
    }
  }

  @Test
  void sessionsAreCountedAndEncryptionIsDemandedAsEver() throws Exception {
    String listen = ", tls: {certificate: sidecar.crt, key: sidecar.key, required: true}";
    try (Sidecar strict = users.sidecar(listen, "limits: {sessions: 2}")) {
      try (WireClient client = TerminatedPair.connect(strict)) {
        List<Frame> heard = client.send(startup("shop")).readUntilClosed();
        assertThat(heard).singleElement().extracting(Frame::sqlState).isEqualTo("28000");
      }
      try (WireClient first = users.secure(strict);
          WireClient second = users.secure(strict)) {
        first.login("shop", "shop", TerminatedPair.PASSWORD);
        second.send(startup("shop"));
        second.read(1);
        try (WireClient third = users.secure(strict)) {
          List<Frame> heard = third.send(startup("shop")).readUntilClosed();
          assertThat(heard).singleElement().extracting(Frame::sqlState).isEqualTo("53300");
        }
      }
    }
  }

  @Test
  void theFileOfUsersIsFollowed() throws Exception {
    String fresh = users.verifier("changed");
    try (WireClient before = TerminatedPair.connect(sidecar);
        LogLines log = new LogLines(FollowedUsers.class)) {
      before.login("shop", "shop", TerminatedPair.PASSWORD);
      Files.writeString(users.pair.folder.resolve("users.yaml"), "users: [{name: shop}]");
      await().atMost(BOUND).until(() -> !log.lines().isEmpty());
      try (WireClient client = TerminatedPair.connect(sidecar)) {
        assertThat(client.login("shop", "shop", TerminatedPair.PASSWORD).getLast().type())
            .isEqualTo('Z');
      }
      users.users("  - {name: late, verifier: \"" + fresh + "\", old: {user: app}}");
      await().atMost(BOUND).until(() -> log.lines().contains("users reloaded"));
      try (WireClient client = TerminatedPair.connect(sidecar)) {
        assertThat(client.login("shop", "late", "changed").getLast().type()).isEqualTo('Z');
      }
      assertThat(before.query("SELECT 'still here'").get(1).text(0)).isEqualTo("still here");
      assertThat(log.lines())
          .containsExactly("users not reloaded, those before stay", "users reloaded");
    } finally {
      users.users();
    }
  }
}
