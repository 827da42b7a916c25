package dev.crossfade.bench.soak;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reading one frame of a server where it lies in a buffer. */
final class Frame {
  static final int HEADER = 5;
  private static final int SHOWN_BYTES = 200;

  private Frame() {}

  /** Its whole body as text, without the last zero byte. */
  static String text(ByteBuffer in, int at) {
    byte[] body = new byte[Math.max(in.getInt(at + 1) - Integer.BYTES - 1, 0)];
    in.get(at + HEADER, body);
    return new String(body, StandardCharsets.UTF_8);
  }

  static String shown(ByteBuffer in, int at) {
    byte[] whole = new byte[Math.max(in.getInt(at + 1) - Integer.BYTES, 0)];
    in.get(at + HEADER, whole);
    String text = new String(whole, StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", ".");
    String body = text.length() > SHOWN_BYTES ? text.substring(0, SHOWN_BYTES) + "…" : text;
    return (char) in.get(at) + " \"" + body + '"';
  }

  /** A column's number; -1 where it is none. */
  static long number(ByteBuffer in, int at, int length, boolean binary) {
    if (binary) {
      return length == Long.BYTES ? in.getLong(at) : -1;
    }
    long number = length > 0 ? 0 : -1;
    for (int i = 0; i < length; i++) {
      int digit = in.get(at + i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = number * 10 + digit;
    }
    return number;
  }

  /** Whether the column that begins here with its length is this text; null is NULL. */
  static boolean sameText(ByteBuffer in, int at, byte @Nullable [] text) {
    int length = in.getInt(at);
    if (text == null || length < 0) {
      return text == null && length < 0;
    }
    int start = at + Integer.BYTES;
    return length == text.length && in.slice(start, length).equals(ByteBuffer.wrap(text));
  }

  /** The nonce in the column that begins here with its length; -1 where it holds none. */
  static long nonce(ByteBuffer in, int at) {
    int start = at + Integer.BYTES;
    if (in.getInt(at) != Nonce.LENGTH || in.get(start) != 'n') {
      return -1;
    }
    long nonce = 0;
    for (int i = 1; i < Nonce.LENGTH; i++) {
      int digit = Character.digit(in.get(start + i), 16);
      if (digit < 0) {
        return -1;
      }
      nonce = nonce << 4 | digit;
    }
    return nonce;
  }
}
