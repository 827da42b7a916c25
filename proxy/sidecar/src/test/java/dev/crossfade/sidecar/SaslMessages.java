package dev.crossfade.sidecar;

import com.ongres.scram.client.ScramClient;
import com.ongres.scram.common.exception.ScramException;
import dev.crossfade.testkit.wire.Frame;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a client says in a login by SASL, one message at a time. */
final class SaslMessages {
  static final String MECHANISM = "SCRAM-SHA-256";
  static final String CLIENT_FIRST = "n,,n=,r=abcdefghijkl";

  private SaslMessages() {}

  static byte[] initial(String message) {
    return initial(MECHANISM, message);
  }

  static byte[] initial(String mechanism, String message) {
    byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
    byte[] name = mechanism.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(10 + name.length + bytes.length)
        .put((byte) 'p')
        .putInt(9 + name.length + bytes.length)
        .put(name)
        .put((byte) 0)
        .putInt(bytes.length)
        .put(bytes)
        .array();
  }

  static byte[] response(String message) {
    byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(5 + bytes.length)
        .put((byte) 'p')
        .putInt(4 + bytes.length)
        .put(bytes)
        .array();
  }

  /** The text of a challenge. */
  static String text(Frame challenge) {
    byte[] body = challenge.body();
    return new String(body, Integer.BYTES, body.length - Integer.BYTES, StandardCharsets.UTF_8);
  }

  /** A client that knows the password. */
  static ScramClient client(String password) {
    return ScramClient.builder()
        .advertisedMechanisms(List.of(MECHANISM))
        .username("*")
        .password(password.toCharArray())
        .build();
  }

  /** Its second message. */
  static byte[] last(ScramClient client, Frame challenge) throws ScramException {
    client.serverFirstMessage(text(challenge));
    return response(client.clientFinalMessage().toString());
  }
}
