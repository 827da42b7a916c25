package dev.crossfade.postgresql.wire;

import dev.crossfade.core.measure.ErrorClasses;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * The fields of an ErrorResponse that decide what happens next.
 *
 * @param severity never translated, such as {@code ERROR} or {@code FATAL}
 * @param sqlState five characters
 */
public record ErrorFields(String severity, String sqlState, String message) {
  /** Reads the frame whose header starts at {@code start}. */
  public static ErrorFields read(ByteBuf borrowed, int start, int end) {
    String severity = "";
    String sqlState = "";
    String message = "";
    int at = start + 5;
    while (at < end && borrowed.getByte(at) != 0) {
      byte code = borrowed.getByte(at);
      int zero = borrowed.indexOf(at + 1, end, (byte) 0);
      if (zero < 0) {
        break;
      }
      String value = borrowed.toString(at + 1, zero - at - 1, StandardCharsets.UTF_8);
      switch (code) {
        case 'V' -> severity = value;
        case 'C' -> sqlState = value;
        case 'M' -> message = value;
        default -> {
          // Position, hint, routine and the others do not decide anything here.
        }
      }
      at = zero + 1;
    }
    return new ErrorFields(severity, sqlState, message);
  }

  /** Another field of the frame by its letter; empty where it has none. */
  public static String field(ByteBuf borrowed, int start, int end, char letter) {
    int at = start + 5;
    while (at < end && borrowed.getByte(at) != 0) {
      int zero = borrowed.indexOf(at + 1, end, (byte) 0);
      if (zero < 0) {
        break;
      }
      if (borrowed.getByte(at) == letter) {
        return borrowed.toString(at + 1, zero - at - 1, StandardCharsets.UTF_8);
      }
      at = zero + 1;
    }
    return "";
  }

  /** The class of the frame's SQLSTATE, without making anything of it. */
  public static int errorClass(ByteBuf borrowed, int start, int end) {
    int at = start + 5;
    while (at < end && borrowed.getByte(at) != 0) {
      int zero = borrowed.indexOf(at + 1, end, (byte) 0);
      if (zero < 0) {
        break;
      }
      if (borrowed.getByte(at) == 'C' && zero - at > 2) {
        return ErrorClasses.of(borrowed.getByte(at + 1), borrowed.getByte(at + 2));
      }
      at = zero + 1;
    }
    return ErrorClasses.OTHER;
  }

  /**
   * Whether an SQLSTATE says nothing of the statement: a lock, a limit, a server that ends, a
   * conflict of transactions.
   */
  public static boolean isOfTheMoment(String sqlState) {
    return switch (sqlState.substring(0, Math.min(2, sqlState.length()))) {
      case "08", "25", "40", "53", "54", "55", "57", "58", "XX" -> true;
      default -> false;
    };
  }

  public boolean isFatal() {
    return !severity.equals("ERROR");
  }
}
