package dev.crossfade.postgresql.catalog;

import dev.crossfade.postgresql.wire.BackendDecoder;
import dev.crossfade.postgresql.wire.BackendType;
import dev.crossfade.postgresql.wire.ErrorFields;
import dev.crossfade.postgresql.wire.RowDescription;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Collects the replies to one question until ReadyForQuery. */
final class Answer {
  private final CompletableFuture<Answer> done = new CompletableFuture<>();
  private final List<List<@Nullable String>> rows = new ArrayList<>();
  private @Nullable ErrorFields error;
  private byte[] errorFrame = new byte[0];
  private @Nullable RowDescription description;
  private byte @Nullable [] parameterFrame;

  CompletableFuture<Answer> done() {
    return done;
  }

  List<List<@Nullable String>> rows() {
    return rows;
  }

  @Nullable ErrorFields error() {
    return error;
  }

  byte[] errorFrame() {
    return errorFrame;
  }

  /** Null when the statement returns no rows. */
  @Nullable RowDescription description() {
    return description;
  }

  byte @Nullable [] parameterFrame() {
    return parameterFrame;
  }

  BackendDecoder.Verdict control(byte type, ByteBuf borrowed, int start, int end) {
    switch (type) {
      case BackendType.ERROR -> {
        error = ErrorFields.read(borrowed, start, end);
        errorFrame = new byte[end - start];
        borrowed.getBytes(start, errorFrame);
      }
      case BackendType.ROW_DESCRIPTION -> description = RowDescription.read(borrowed, start, end);
      case BackendType.PARAMETER_DESCRIPTION -> {
        parameterFrame = new byte[end - start];
        borrowed.getBytes(start, parameterFrame);
      }
      case BackendType.READY_FOR_QUERY -> done.complete(this);
      default -> {
        // Completion tags, notices and statuses are of no interest.
      }
    }
    return BackendDecoder.Verdict.DROP;
  }

  /** A whole DataRow body: int16 columns, per column int32 length (-1 for NULL) and bytes. */
  void row(ByteBuf borrowed) {
    int columns = borrowed.readUnsignedShort();
    List<@Nullable String> row = new ArrayList<>(columns);
    for (int column = 0; column < columns; column++) {
      int length = borrowed.readInt();
      row.add(
          length < 0 ? null : borrowed.readCharSequence(length, StandardCharsets.UTF_8).toString());
    }
    rows.add(row);
  }
}
