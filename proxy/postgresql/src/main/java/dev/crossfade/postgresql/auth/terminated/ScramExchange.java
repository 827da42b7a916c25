package dev.crossfade.postgresql.auth.terminated;

import com.ongres.scram.common.ScramFunctions;
import com.ongres.scram.common.ScramMechanism;
import com.ongres.scram.common.util.TlsServerEndpoint;
import dev.crossfade.core.fault.Fault;
import dev.crossfade.postgresql.wire.ProtocolViolation;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The server's half of SCRAM-SHA-256 (RFC 5802, 7677), with and without binding to the server's
 * certificate (RFC 5929). Used once.
 *
 * <pre>
 * client-first  gs2 "," [ ] "," "n=" ignored ",r=" nonce        gs2: n | y | p=tls-server-end-point
 * server-first  "r=" nonce more-nonce ",s=" salt ",i=" iterations
 * client-final  "c=" base64(gs2 header, binding) ",r=" both nonces ",p=" proof
 * server-final  "v=" signature
 * </pre>
 *
 * As the server does it: the user is that of the start-up packet, extensions are ignored unless
 * they are mandatory. It takes the server a few hashes; deriving keys is the client's part.
 */
public final class ScramExchange {
  private static final ScramMechanism PLAIN = ScramMechanism.SCRAM_SHA_256;
  private static final ScramMechanism PLUS = ScramMechanism.SCRAM_SHA_256_PLUS;

  private final String user;
  private final ScramVerifier verifier;
  private final boolean genuine;
  private final byte[] binding;
  private final String nonce;
  private String header = "";
  private boolean bound;
  private String bothNonces = "";
  private String exchanged = "";

  /** What is to be answered. */
  public sealed interface Step {
    /** The first message was understood. */
    record Challenge(byte[] message) implements Step {}

    /** The client knows the password; this shows to it that the server knows the verifier. */
    record Proven(byte[] message) implements Step {}

    /** The client is not let in. */
    record Refused(Fault fault) implements Step {}
  }

  /**
   * @param known the user, if it is let in by a password; null: the exchange fails at its end
   * @param binding the hash of the certificate that the client sees; empty: it sees none
   * @param nonce new, printable and without a comma
   */
  public ScramExchange(
      Users users, @Nullable KnownUser known, String user, byte[] binding, String nonce) {
    this.user = user;
    this.genuine = known != null && known.verifier().isPresent();
    this.verifier = genuine && known != null ? known.verifier().get() : users.mock(user);
    this.binding = binding.clone();
    this.nonce = nonce;
  }

  /** The mechanisms on offer, the best one first. */
  public List<String> mechanisms() {
    return binding.length == 0
        ? List.of(PLAIN.getName())
        : List.of(PLUS.getName(), PLAIN.getName());
  }

  /**
   * Takes the client's first message.
   *
   * @throws ProtocolViolation when it is none
   */
  public Step begin(String mechanism, byte[] first) {
    if (!mechanisms().contains(mechanism)) {
      throw new ProtocolViolation("client selected an invalid SASL authentication mechanism");
    }
    bound = mechanism.equals(PLUS.getName());
    String text = new String(first, StandardCharsets.UTF_8);
    ScramMessage message = new ScramMessage(text);
    Fault refusal = header(message);
    if (refusal != null) {
      return new Step.Refused(refusal);
    }
    header = text.substring(0, message.position());
    if (message.peek() == 'm') {
      return new Step.Refused(
          new Fault(Fault.Kind.UNSUPPORTED, "client requires an unsupported SCRAM extension"));
    }
    // Whatever it says: the user is that of the start-up packet.
    message.value('n');
    String theirs = message.value('r');
    if (theirs.isEmpty() || !theirs.chars().allMatch(c -> c > ' ' && c <= '~')) {
      throw ScramMessage.malformed("its nonce is not printable");
    }
    ignoreExtensions(message);
    bothNonces = theirs + nonce;
    String challenge =
        "r="
            + bothNonces
            + ",s="
            + Base64.getEncoder().encodeToString(verifier.salt())
            + ",i="
            + verifier.iterations();
    exchanged = text.substring(header.length()) + ',' + challenge + ',';
    return new Step.Challenge(challenge.getBytes(StandardCharsets.UTF_8));
  }

  /** Moves past the gs2 header; returns why the client is not let in, null if it may go on. */
  private @Nullable Fault header(ScramMessage message) {
    char flag = message.peek();
    if (bound != (flag == 'p')) {
      throw ScramMessage.malformed(
          bound
              ? "the mechanism binds to the channel, the message does not"
              : "the message binds to the channel, the mechanism does not");
    }
    switch (flag) {
      case 'n' -> message.skip('n');
      case 'y' -> {
        message.skip('y');
        if (binding.length > 0) {
          // The client could have bound and was told that the server could not: by whom?
          return new Fault(Fault.Kind.NOT_ADMITTED, "SCRAM channel binding negotiation error");
        }
      }
      case 'p' -> {
        String type = message.value('p');
        if (!type.equals(TlsServerEndpoint.TLS_SERVER_END_POINT)) {
          throw new ProtocolViolation("unsupported SCRAM channel-binding type");
        }
      }
      default -> throw ScramMessage.malformed("its first character says nothing about binding");
    }
    if (flag != 'p') {
      message.skip(',');
    }
    if (message.peek() == 'a') {
      return new Fault(
          Fault.Kind.UNSUPPORTED, "client uses authorization identity, but it is not supported");
    }
    message.skip(',');
    return null;
  }

  private static void ignoreExtensions(ScramMessage message) {
    while (!message.isAtEnd()) {
      message.anyValue();
    }
  }

  /**
   * Takes the client's second message.
   *
   * @throws ProtocolViolation when it is none, or none of this exchange
   */
  public Step finish(byte[] last) {
    String text = new String(last, StandardCharsets.UTF_8);
    ScramMessage message = new ScramMessage(text);
    byte[] shown = ScramMessage.base64(message.value('c'), "channel binding");
    if (!message.value('r').equals(bothNonces)) {
      throw new ProtocolViolation("invalid SCRAM response: its nonce is not that of the exchange");
    }
    int proofStart = message.position();
    while (message.peek() != 'p') {
      message.anyValue();
      proofStart = message.position();
    }
    byte[] proof = ScramMessage.base64(message.value('p'), "proof");
    if (proof.length != ScramVerifier.KEY_BYTES || !message.isAtEnd() || text.endsWith(",")) {
      throw ScramMessage.malformed("its proof is not what ends it");
    }
    if (!MessageDigest.isEqual(shown, expectedBinding())) {
      if (bound) {
        return new Step.Refused(
            new Fault(Fault.Kind.NOT_ADMITTED, "SCRAM channel binding check failed"));
      }
      throw new ProtocolViolation(
          "unexpected SCRAM channel-binding attribute in client-final-message");
    }
    return prove(exchanged + text.substring(0, proofStart - 1), proof);
  }

  private byte[] expectedBinding() {
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    expected.writeBytes(header.getBytes(StandardCharsets.UTF_8));
    if (bound) {
      expected.writeBytes(binding);
    }
    return expected.toByteArray();
  }

  private Step prove(String authMessage, byte[] proof) {
    // Done for those who cannot come in as well, so that it takes them as long.
    boolean right =
        ScramFunctions.verifyClientProof(PLAIN, proof, verifier.storedKey(), authMessage);
    if (!right || !genuine) {
      return new Step.Refused(
          new Fault(
              Fault.Kind.WRONG_PASSWORD,
              "password authentication failed for user \"" + user + '"'));
    }
    byte[] signature = ScramFunctions.serverSignature(PLAIN, verifier.serverKey(), authMessage);
    String answer = "v=" + Base64.getEncoder().encodeToString(signature);
    return new Step.Proven(answer.getBytes(StandardCharsets.US_ASCII));
  }
}
