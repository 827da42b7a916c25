package dev.crossfade.postgresql.auth.terminated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.ongres.scram.client.ScramClient;
import com.ongres.scram.common.ScramFunctions;
import com.ongres.scram.common.ScramMechanism;
import com.ongres.scram.common.StringPreparation;
import com.ongres.scram.common.util.TlsServerEndpoint;
import dev.crossfade.core.fault.Fault;
import dev.crossfade.postgresql.auth.Credentials;
import dev.crossfade.postgresql.auth.terminated.ScramExchange.Step;
import dev.crossfade.postgresql.wire.ProtocolViolation;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ScramExchangeTest {
  private static final byte[] SALT = Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ==");
  private static final byte[] NONE = {};
  private static final byte[] CERTIFICATE = new byte[32];
  private static final String NONCE = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
  private static final KnownUser USER = user("user", "pencil");
  private static final Users USERS = new Users(List.of(USER));

  private static KnownUser user(String name, String password) {
    ScramMechanism mechanism = ScramMechanism.SCRAM_SHA_256;
    byte[] salted =
        ScramFunctions.saltedPassword(
            mechanism,
            StringPreparation.POSTGRESQL_PREPARATION,
            password.toCharArray(),
            SALT,
            4096);
    byte[] stored =
        ScramFunctions.storedKey(mechanism, ScramFunctions.clientKey(mechanism, salted));
    byte[] server = ScramFunctions.serverKey(mechanism, salted);
    return new KnownUser(
        name,
        Optional.of(new ScramVerifier(4096, SALT, stored, server)),
        OptionalInt.empty(),
        new Credentials(name, ""));
  }

  private static ScramExchange exchange(byte[] binding) {
    return new ScramExchange(USERS, USERS.find("user"), "user", binding, NONCE);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String challenge(Step step) {
    assertThat(step).isInstanceOf(Step.Challenge.class);
    return new String(((Step.Challenge) step).message(), StandardCharsets.UTF_8);
  }

  private static Fault refusal(Step step) {
    assertThat(step).isInstanceOf(Step.Refused.class);
    return ((Step.Refused) step).fault();
  }

  /** RFC 7677, section 3. */
  @Test
  void theExampleOfTheStandardIsPlayedToItsEnd() {
    ScramExchange exchange = exchange(NONE);
    assertThat(exchange.mechanisms()).containsExactly("SCRAM-SHA-256");
    assertThat(
            challenge(exchange.begin("SCRAM-SHA-256", bytes("n,,n=user,r=rOprNGfwEbeRWgbNEkqO"))))
        .isEqualTo(
            "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                + "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");
    Step last =
        exchange.finish(
            bytes(
                "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                    + "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="));
    assertThat(last).isInstanceOf(Step.Proven.class);
    assertThat(((Step.Proven) last).message())
        .isEqualTo(bytes("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="));
  }

  /** A client of the library against this server; the answer is checked by the client. */
  private static Step play(
      ScramExchange exchange, String password, byte[] seen, List<String> offered) throws Exception {
    var building =
        ScramClient.builder()
            .advertisedMechanisms(offered)
            .username("*")
            .password(password.toCharArray());
    ScramClient client =
        seen.length == 0
            ? building.build()
            : building.channelBinding(TlsServerEndpoint.TLS_SERVER_END_POINT, seen).build();
    Step first =
        exchange.begin(
            client.getScramMechanism().getName(), bytes(client.clientFirstMessage().toString()));
    if (first instanceof Step.Refused) {
      return first;
    }
    client.serverFirstMessage(challenge(first));
    Step last = exchange.finish(bytes(client.clientFinalMessage().toString()));
    if (last instanceof Step.Proven(byte[] message)) {
      client.serverFinalMessage(new String(message, StandardCharsets.UTF_8));
    }
    return last;
  }

  @Test
  void whoKnowsThePasswordIsLetInBoundOrNot() throws Exception {
    for (byte[] seen : new byte[][] {NONE, CERTIFICATE}) {
      ScramExchange exchange = exchange(seen);
      assertThat(play(exchange, "pencil", seen, exchange.mechanisms()))
          .isInstanceOf(Step.Proven.class);
      ScramExchange again = exchange(seen);
      Fault refusal = refusal(play(again, "pen", seen, again.mechanisms()));
      assertThat(refusal.kind()).isEqualTo(Fault.Kind.WRONG_PASSWORD);
      assertThat(refusal.message()).isEqualTo("password authentication failed for user \"user\"");
    }
    // A client that does not want to bind need not.
    assertThat(play(exchange(CERTIFICATE), "pencil", NONE, List.of("SCRAM-SHA-256")))
        .isInstanceOf(Step.Proven.class);
  }

  @Test
  void whoSeesAnotherCertificateIsNotLetIn() throws Exception {
    byte[] another = CERTIFICATE.clone();
    another[31] = 1;
    ScramExchange exchange = exchange(CERTIFICATE);
    Fault refusal = refusal(play(exchange, "pencil", another, exchange.mechanisms()));
    assertThat(refusal.kind()).isEqualTo(Fault.Kind.NOT_ADMITTED);
    assertThat(refusal.message()).isEqualTo("SCRAM channel binding check failed");
  }

  @Test
  void whoCouldBindAndWasToldThatTheServerCannotIsNotLetIn() throws Exception {
    Fault refusal =
        refusal(play(exchange(CERTIFICATE), "pencil", CERTIFICATE, List.of("SCRAM-SHA-256")));
    assertThat(refusal.kind()).isEqualTo(Fault.Kind.NOT_ADMITTED);
  }

  @Test
  void nobodyIsLetInWithoutAVerifier() throws Exception {
    KnownUser peerOnly =
        new KnownUser("user", Optional.empty(), OptionalInt.of(0), new Credentials("user", ""));
    for (ScramExchange exchange :
        List.of(
            new ScramExchange(USERS, null, "who", NONE, NONCE),
            new ScramExchange(USERS, peerOnly, "who", NONE, NONCE))) {
      Fault refusal = refusal(play(exchange, "pencil", NONE, exchange.mechanisms()));
      assertThat(refusal)
          .isEqualTo(
              new Fault(
                  Fault.Kind.WRONG_PASSWORD, "password authentication failed for user \"who\""));
    }
  }

  /** The verifier that stands for nobody is made of zeros; whoever guesses so is not let in. */
  @Test
  void theVerifierOfNobodyOpensNothing() {
    ScramExchange exchange = new ScramExchange(USERS, null, "who", NONE, NONCE);
    exchange.begin("SCRAM-SHA-256", bytes("n,,n=,r=abc"));
    String withoutProof = "c=biws,r=abc" + NONCE;
    for (byte fill : new byte[] {0, -1}) {
      byte[] proof = new byte[32];
      Arrays.fill(proof, fill);
      Step step =
          exchange.finish(bytes(withoutProof + ",p=" + Base64.getEncoder().encodeToString(proof)));
      assertThat(refusal(step).kind()).isEqualTo(Fault.Kind.WRONG_PASSWORD);
    }
  }

  @Test
  void saltsOfNobodyStaySoAndDifferFromOneAnother() {
    Users same = new Users(List.of(user("user", "pencil")));
    Users other = new Users(List.of(user("user", "crayon")));
    assertThat(same.mock("a").salt()).isEqualTo(USERS.mock("a").salt()).hasSize(16);
    assertThat(USERS.mock("b").salt()).isNotEqualTo(USERS.mock("a").salt());
    assertThat(other.mock("a").salt()).isNotEqualTo(USERS.mock("a").salt());
    assertThat(same).isEqualTo(USERS);
    assertThat(other).isNotEqualTo(USERS);
  }

  /** Flipping any character of the last message makes it a violation, or a wrong password. */
  @Test
  void nothingOfTheLastMessageMayBeChanged() {
    String right =
        "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
            + "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
    for (int i = 0; i < right.length(); i++) {
      for (char c : new char[] {',', '=', 'A', 'B', 'p', '\u00e9', '\0'}) {
        if (right.charAt(i) == c) {
          continue;
        }
        ScramExchange exchange = exchange(NONE);
        exchange.begin("SCRAM-SHA-256", bytes("n,,n=user,r=rOprNGfwEbeRWgbNEkqO"));
        String changed = right.substring(0, i) + c + right.substring(i + 1);
        try {
          assertThat(exchange.finish(bytes(changed))).as(changed).isInstanceOf(Step.Refused.class);
        } catch (ProtocolViolation e) {
          assertThat(e.reason()).isNotEmpty();
        }
      }
    }
  }

  @Test
  void extensionsThatAreNotMandatoryAreIgnored() {
    ScramExchange exchange = exchange(NONE);
    assertThat(exchange.begin("SCRAM-SHA-256", bytes("n,,n=user,r=abc,x=1,y=2")))
        .isInstanceOf(Step.Challenge.class);
    assertThatThrownBy(() -> exchange.finish(bytes("c=biws,r=abc" + NONCE + ",x=1,p=AAAA")))
        .isInstanceOf(ProtocolViolation.class)
        .hasMessageContaining("proof");
  }
}
