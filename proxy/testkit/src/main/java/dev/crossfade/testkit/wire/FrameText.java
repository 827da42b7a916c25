package dev.crossfade.testkit.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Frames as text, one line each, so that a conversation with a server can be compared with one
 * through a proxy in one assertion.
 *
 * <pre>
 *   T id{table=16384.1 type=23,4,-1 format=0} name{table=16384.2 type=25,-1,-1 format=0}
 *   D '1' 'abc' NULL x'00ff'
 *   E S=ERROR V=ERROR C=42P01 M=relation "t" does not exist ...
 *   K pid secret
 * </pre>
 *
 * <p>What differs between any two sessions is named rather than shown: process ids, cancel secrets,
 * challenges and their answers. Everything else is shown in full.
 */
public final class FrameText {
  private FrameText() {}

  /** One line per frame. */
  public static String of(List<Frame> frames) {
    return frames.stream().map(FrameText::of).collect(Collectors.joining("\n"));
  }

  /** One frame in one line. */
  public static String of(Frame frame) {
    ByteBuffer buffer = frame.buffer();
    String body =
        switch (frame.type()) {
          case 'R' -> authentication(buffer);
          case 'K' -> "pid secret";
          case 'S' -> Frame.string(buffer) + "=" + Frame.string(buffer);
          case 'Z' -> String.valueOf((char) buffer.get());
          case 'C' -> Frame.string(buffer);
          case 'T' -> columns(buffer);
          case 'D' -> row(frame.values());
          case 'E', 'N' -> fields(frame);
          case 't' -> types(buffer);
          case 'A' ->
              "pid "
                  + quoted(Frame.string(buffer.position(4)))
                  + " "
                  + quoted(Frame.string(buffer));
          case 'G', 'H', 'W' -> copyFormats(buffer);
          default -> buffer.hasRemaining() ? bytes(rest(buffer)) : "";
        };
    return body.isEmpty() ? String.valueOf(frame.type()) : frame.type() + " " + body;
  }

  private static String authentication(ByteBuffer buffer) {
    int code = buffer.getInt();
    return switch (code) {
      case 0 -> "ok";
      case 3 -> "cleartext";
      case 5 -> "md5 salt";
      case 10 -> "sasl " + mechanisms(buffer);
      case 11 -> "sasl challenge";
      case 12 -> "sasl final";
      default -> code + " " + bytes(rest(buffer));
    };
  }

  private static String mechanisms(ByteBuffer buffer) {
    List<String> names = new ArrayList<>();
    for (String name = Frame.string(buffer); !name.isEmpty(); name = Frame.string(buffer)) {
      names.add(name);
    }
    return String.join(",", names);
  }

  private static String columns(ByteBuffer buffer) {
    StringJoiner columns = new StringJoiner(" ");
    for (int left = buffer.getShort(); left > 0; left--) {
      columns.add(
          "%s{table=%d.%d type=%d,%d,%d format=%d}"
              .formatted(
                  Frame.string(buffer),
                  Integer.toUnsignedLong(buffer.getInt()),
                  buffer.getShort(),
                  Integer.toUnsignedLong(buffer.getInt()),
                  buffer.getShort(),
                  buffer.getInt(),
                  buffer.getShort()));
    }
    return columns.toString();
  }

  private static String row(byte[] @Nullable [] values) {
    StringJoiner row = new StringJoiner(" ");
    for (byte[] value : values) {
      row.add(value == null ? "NULL" : bytes(value));
    }
    return row.toString();
  }

  private static String fields(Frame frame) {
    return frame.fields().entrySet().stream()
        .map(field -> field.getKey() + "=" + escaped(field.getValue()))
        .collect(Collectors.joining(" "));
  }

  private static String types(ByteBuffer buffer) {
    StringJoiner types = new StringJoiner(" ");
    for (int left = buffer.getShort(); left > 0; left--) {
      types.add(Integer.toUnsignedString(buffer.getInt()));
    }
    return types.toString();
  }

  private static String copyFormats(ByteBuffer buffer) {
    StringJoiner formats = new StringJoiner(",", "format=" + buffer.get() + " columns=", "");
    for (int left = buffer.getShort(); left > 0; left--) {
      formats.add(Short.toString(buffer.getShort()));
    }
    return formats.toString();
  }

  private static byte[] rest(ByteBuffer buffer) {
    byte[] rest = new byte[buffer.remaining()];
    buffer.get(rest);
    return rest;
  }

  /** Text in quotes, anything that is no printable text in hexadecimal. */
  private static String bytes(byte[] value) {
    try {
      String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(value)).toString();
      boolean printable =
          text.codePoints()
              .noneMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\t' && c != '\r');
      if (printable) {
        return quoted(text);
      }
    } catch (CharacterCodingException binary) {
      // Shown in hexadecimal.
    }
    return "x'" + HexFormat.of().formatHex(value) + "'";
  }

  private static String quoted(String text) {
    return "'" + escaped(text).replace("'", "''") + "'";
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\")
        .replace("\n", "\\n")
        .replace("\r", "\\r")
        .replace("\t", "\\t");
  }
}
