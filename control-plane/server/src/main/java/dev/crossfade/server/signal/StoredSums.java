package dev.crossfade.server.signal;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.crossfade.api.v1.MigrationSignals;
import dev.crossfade.server.store.SignalRow;

/** Totals as the store gives them back. */
final class StoredSums {
  private StoredSums() {}

  static Sums read(SignalRow row) {
    Sums sums = read(row.totals());
    sums.addReads(row.reads().routable(), row.reads().onNew());
    return sums;
  }

  static Sums read(byte[] totals) {
    try {
      Sums sums = new Sums();
      sums.add(MigrationSignals.parseFrom(totals), Long.MAX_VALUE);
      return sums;
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("the store gives back what was put", e);
    }
  }
}
