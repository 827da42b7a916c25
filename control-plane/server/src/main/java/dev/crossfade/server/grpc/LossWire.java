package dev.crossfade.server.grpc;

import dev.crossfade.api.v1.RollbackLoss;
import dev.crossfade.server.store.LossStore;

/** Writes as messages what is lost. */
final class LossWire {
  private LossWire() {}

  static RollbackLoss loss(LossStore.Measured measured) {
    return RollbackLoss.newBuilder()
        .setAsOf(Wire.timestamp(measured.asOf()))
        .setEndedAt(Wire.timestamp(measured.endedAt()))
        .setEpoch(measured.epoch())
        .setRows(measured.loss().rows())
        .setLost(measured.loss().lost())
        .setUndecided(measured.loss().undecided())
        .addAllExamples(measured.loss().examples())
        .build();
  }
}
