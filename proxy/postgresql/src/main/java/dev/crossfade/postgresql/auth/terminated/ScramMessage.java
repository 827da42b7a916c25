package dev.crossfade.postgresql.auth.terminated;

import dev.crossfade.postgresql.wire.ProtocolViolation;
import java.util.Base64;

/** One message of a client, read from left to right: {@code a=value,b=value}. */
final class ScramMessage {
  private final String text;
  private int at;

  ScramMessage(String text) {
    if (text.indexOf('\0') >= 0) {
      throw malformed("it has a zero byte");
    }
    this.text = text;
  }

  static ProtocolViolation malformed(String why) {
    return new ProtocolViolation("malformed SCRAM message: " + why);
  }

  int position() {
    return at;
  }

  boolean isAtEnd() {
    return at >= text.length();
  }

  /** The next character, not moved past; 0 at the end. */
  char peek() {
    return isAtEnd() ? 0 : text.charAt(at);
  }

  /** Moves past one character that has to be there. */
  void skip(char expected) {
    if (peek() != expected || isAtEnd()) {
      throw malformed("'" + expected + "' is expected at character " + at);
    }
    at++;
  }

  /** The value of the attribute of this name, which has to be next; moves past its comma. */
  String value(char name) {
    if (peek() != name) {
      throw malformed("attribute '" + name + "' is expected at character " + at);
    }
    return anyValue();
  }

  /** The value of whatever attribute is next; moves past its comma. */
  String anyValue() {
    boolean named = Character.isLetter(peek()) && peek() < 128;
    at++;
    if (!named) {
      throw malformed("an attribute is expected at character " + (at - 1));
    }
    skip('=');
    int comma = text.indexOf(',', at);
    int end = comma < 0 ? text.length() : comma;
    String value = text.substring(at, end);
    at = comma < 0 ? end : comma + 1;
    return value;
  }

  /**
   * @throws ProtocolViolation when it is none
   */
  static byte[] base64(String value, String what) {
    try {
      return Base64.getDecoder().decode(value);
    } catch (IllegalArgumentException e) {
      throw malformed("its " + what + " is not base64");
    }
  }
}
