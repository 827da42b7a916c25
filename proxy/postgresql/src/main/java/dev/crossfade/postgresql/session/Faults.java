package dev.crossfade.postgresql.session;

import dev.crossfade.core.fault.Fault;
import dev.crossfade.postgresql.command.Command;
import dev.crossfade.postgresql.wire.ErrorFields;
import dev.crossfade.postgresql.wire.Frames;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** The one mapper from faults to PostgreSQL's error frames. Nobody else writes any. */
final class Faults {
  private Faults() {}

  static ByteBuf frame(ByteBufAllocator allocator, Fault fault) {
    ByteBuf out = allocator.buffer();
    write(out, fault);
    return out;
  }

  static void write(ByteBuf out, Fault fault) {
    Frames.error(
        out,
        switch (fault.kind()) {
          case NEW_FAILED_MIDWAY,
              CANCELLED,
              NEW_UNAVAILABLE,
              NOT_CARRIED_OUT,
              NOT_PERMITTED,
              MOVED ->
              "ERROR";
          default -> "FATAL";
        },
        sqlState(fault.kind()),
        fault.message());
  }

  /**
   * Old did not let the sidecar in on behalf of a client.
   *
   * @param sqlState old's own; empty: it gave none
   */
  static void refusedByOld(ByteBuf out, String sqlState, String message) {
    Frames.error(
        out,
        "FATAL",
        sqlState.isEmpty() ? sqlState(Fault.Kind.AUTHORITY_UNAVAILABLE) : sqlState,
        message);
  }

  /** The frame for a write whose transaction cannot be done again by itself where it belongs. */
  static ByteBuf moved(ByteBufAllocator allocator, Fenced fenced) {
    return frame(
        allocator,
        new Fault(
            Fault.Kind.MOVED,
            "the authority of migration " + fenced.migration() + " has moved: try it again"));
  }

  /**
   * A command of the sidecar's own that is none.
   *
   * @param position in characters, counted from 1
   */
  static void write(ByteBuf out, Command.Mistaken mistake, int position) {
    Frames.error(
        out, new ErrorFields("ERROR", "42601", mistake.message()), mistake.hint(), position);
  }

  private static String sqlState(Fault.Kind kind) {
    return switch (kind) {
      case PROTOCOL_VIOLATION, UNCORRELATED_REPLY -> "08P01";
      case TOO_LARGE -> "54000";
      case NOT_ADMITTED -> "28000";
      case INVALID_OPTION -> "22023";
      case WRONG_PASSWORD -> "28P01";
      case UNSUPPORTED, NOT_CARRIED_OUT -> "0A000";
      case NOT_PERMITTED -> "42501";
      case MOVED -> "40001";
      case AUTHORITY_UNAVAILABLE, NEW_UNAVAILABLE, NEW_FAILED_MIDWAY -> "08006";
      case TOO_MANY_SESSIONS -> "53300";
      case SHUTTING_DOWN -> "57P01";
      case STARTUP_TIMEOUT, CANCELLED -> "57014";
    };
  }
}
