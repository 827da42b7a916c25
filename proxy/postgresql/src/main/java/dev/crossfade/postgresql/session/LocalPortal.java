package dev.crossfade.postgresql.session;

import dev.crossfade.postgresql.command.Answer;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** A bound command: its parameters, and how far its answer has been read. */
final class LocalPortal {
  private final LocalStatement statement;
  private final Batch batch;
  private final int bindFrame;
  private @Nullable Answer answer;
  private int next;

  /**
   * @param batch which nothing else will change
   * @param bindFrame -1 when it comes from a simple Query
   */
  LocalPortal(LocalStatement statement, Batch batch, int bindFrame) {
    this.statement = statement;
    this.batch = batch;
    this.bindFrame = bindFrame;
  }

  LocalStatement statement() {
    return statement;
  }

  boolean isBound() {
    return bindFrame >= 0;
  }

  /** A parameter's value as text; null when it is not known. */
  @Nullable String parameter(int number, int[] types) {
    return isBound() ? BindParameter.text(batch, bindFrame, number, types) : null;
  }

  boolean mayMeanMoment(int[] types) {
    return isBound() && BindParameter.mayMeanMoment(batch, bindFrame, types);
  }

  /** The result formats that Bind asked for. */
  short[] formats() {
    ByteBuf bytes = batch.bytes();
    int end = isBound() ? batch.frameEnd(bindFrame) : 0;
    int at = isBound() ? valuesStart() : 0;
    if (at <= 0 || end - at < 2) {
      return new short[0];
    }
    int values = bytes.getUnsignedShort(at);
    at += 2;
    for (int i = 0; i < values && end - at >= 4; i++) {
      at += 4 + Math.max(bytes.getInt(at), 0);
    }
    int count = end - at < 2 ? 0 : bytes.getUnsignedShort(at);
    if (end - at - 2 < 2 * count) {
      return new short[0];
    }
    short[] formats = new short[count];
    for (int i = 0; i < count; i++) {
      formats[i] = bytes.getShort(at + 2 + 2 * i);
    }
    return formats;
  }

  private int valuesStart() {
    int portalEnd = batch.stringEnd(bindFrame, batch.frameStart(bindFrame) + 5);
    int nameEnd = portalEnd < 0 ? -1 : batch.stringEnd(bindFrame, portalEnd + 1);
    boolean there = nameEnd >= 0 && batch.frameEnd(bindFrame) - nameEnd >= 3;
    return there ? nameEnd + 3 + 2 * batch.bytes().getUnsignedShort(nameEnd + 1) : -1;
  }

  @Nullable Answer answer() {
    return answer;
  }

  void answer(Answer given) {
    answer = given;
  }

  int next() {
    return next;
  }

  void next(int row) {
    next = row;
  }
}
