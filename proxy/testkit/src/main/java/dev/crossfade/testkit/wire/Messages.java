package dev.crossfade.testkit.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/**
 * The messages a client sends, as the bytes that go over the wire. Names of statements and portals
 * may be empty.
 */
public final class Messages {
  static final int PROTOCOL_3_0 = 196_608;
  private static final int CANCEL = 80_877_102;
  private static final int SSL = 80_877_103;
  private static final int GSS = 80_877_104;
  private static final char UNTYPED = 0;

  private Messages() {}

  /**
   * Opens a session; {@code user} is mandatory for servers, the order of the parameters is kept.
   */
  public static byte[] startup(Map<String, String> parameters) {
    return startup(PROTOCOL_3_0, parameters);
  }

  /** Opens a session with a protocol version of (major &lt;&lt; 16 | minor). */
  public static byte[] startup(int version, Map<String, String> parameters) {
    return frame(
        UNTYPED,
        out -> {
          out.writeInt(version);
          for (Map.Entry<String, String> parameter : parameters.entrySet()) {
            string(out, parameter.getKey());
            string(out, parameter.getValue());
          }
          out.writeByte(0);
        });
  }

  /** Asks for TLS. */
  public static byte[] sslRequest() {
    return frame(UNTYPED, out -> out.writeInt(SSL));
  }

  /** Asks for GSSAPI encryption. */
  public static byte[] gssRequest() {
    return frame(UNTYPED, out -> out.writeInt(GSS));
  }

  /** Asks, on a connection of its own, to cancel what the session of this key runs. */
  public static byte[] cancel(BackendKey key) {
    return frame(
        UNTYPED,
        out -> {
          out.writeInt(CANCEL);
          out.writeInt(key.pid());
          out.writeInt(key.secret());
        });
  }

  /** A password, or its md5 answer. */
  public static byte[] password(String password) {
    return frame('p', out -> string(out, password));
  }

  static byte[] saslInitial(String mechanism, String data) {
    byte[] bytes = data.getBytes(UTF_8);
    return frame(
        'p',
        out -> {
          string(out, mechanism);
          out.writeInt(bytes.length);
          out.write(bytes);
        });
  }

  static byte[] sasl(String data) {
    return frame('p', out -> out.write(data.getBytes(UTF_8)));
  }

  /** The simple protocol: any number of statements. */
  public static byte[] query(String sql) {
    return frame('Q', out -> string(out, sql));
  }

  /** Prepares a statement; the object ids say the types of its first parameters, 0 is unknown. */
  public static byte[] parse(String statement, String sql, int... types) {
    return frame(
        'P',
        out -> {
          string(out, statement);
          string(out, sql);
          out.writeShort(types.length);
          for (int type : types) {
            out.writeInt(type);
          }
        });
  }

  /** Binds with results in text format. */
  public static byte[] bind(String portal, String statement, Parameter... parameters) {
    return bind(portal, statement, List.of(parameters), List.of());
  }

  /**
   * Binds with the given result formats: none for all text, one for all columns, or one each; 0
   * text, 1 binary.
   */
  public static byte[] bind(
      String portal, String statement, List<Parameter> parameters, List<Integer> resultFormats) {
    return frame(
        'B',
        out -> {
          string(out, portal);
          string(out, statement);
          out.writeShort(parameters.size());
          for (Parameter parameter : parameters) {
            out.writeShort(parameter.format());
          }
          out.writeShort(parameters.size());
          for (Parameter parameter : parameters) {
            byte[] bytes = parameter.bytes();
            out.writeInt(bytes == null ? -1 : bytes.length);
            if (bytes != null) {
              out.write(bytes);
            }
          }
          out.writeShort(resultFormats.size());
          for (int format : resultFormats) {
            out.writeShort(format);
          }
        });
  }

  /** Asks for a statement's parameters and columns. */
  public static byte[] describeStatement(String statement) {
    return named('D', 'S', statement);
  }

  /** Asks for a portal's columns. */
  public static byte[] describePortal(String portal) {
    return named('D', 'P', portal);
  }

  /** Runs a portal for at most so many rows; 0 is no limit. */
  public static byte[] execute(String portal, int rows) {
    return frame(
        'E',
        out -> {
          string(out, portal);
          out.writeInt(rows);
        });
  }

  /** Closes a statement. */
  public static byte[] closeStatement(String statement) {
    return named('C', 'S', statement);
  }

  /** Closes a portal. */
  public static byte[] closePortal(String portal) {
    return named('C', 'P', portal);
  }

  /** Asks for the answers so far. */
  public static byte[] flush() {
    return frame('H', out -> {});
  }

  /** Ends a series of extended messages. */
  public static byte[] sync() {
    return frame('S', out -> {});
  }

  /** A piece of COPY data. */
  public static byte[] copyData(byte[] data) {
    return frame('d', out -> out.write(data));
  }

  /** A piece of COPY data in text format. */
  public static byte[] copyData(String data) {
    return copyData(data.getBytes(UTF_8));
  }

  /** Ends COPY data. */
  public static byte[] copyDone() {
    return frame('c', out -> {});
  }

  /** Makes a COPY fail. */
  public static byte[] copyFail(String reason) {
    return frame('f', out -> string(out, reason));
  }

  /** Ends the session. */
  public static byte[] terminate() {
    return frame('X', out -> {});
  }

  /** Any message: a type letter, the length, the body as it is given. */
  public static byte[] raw(char type, byte[] body) {
    return frame(type, out -> out.write(body));
  }

  /** Joins messages into one write. */
  public static byte[] join(byte[]... messages) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (byte[] message : messages) {
      joined.writeBytes(message);
    }
    return joined.toByteArray();
  }

  @FunctionalInterface
  private interface Body {
    void to(DataOutputStream out) throws IOException;
  }

  private static byte[] named(char type, char kind, String name) {
    return frame(
        type,
        out -> {
          out.writeByte(kind);
          string(out, name);
        });
  }

  private static byte[] frame(char type, Body body) {
    try {
      ByteArrayOutputStream content = new ByteArrayOutputStream();
      body.to(new DataOutputStream(content));
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(bytes);
      if (type != UNTYPED) {
        out.writeByte(type);
      }
      out.writeInt(content.size() + 4);
      content.writeTo(out);
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void string(DataOutputStream out, String text) throws IOException {
    out.write(text.getBytes(UTF_8));
    out.writeByte(0);
  }
}
