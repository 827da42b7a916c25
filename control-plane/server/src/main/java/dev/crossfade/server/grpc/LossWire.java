package dev.crossfade.server.grpc;

import dev.crossfade.api.v1.LensEvidence;
import dev.crossfade.api.v1.RollbackLoss;
import dev.crossfade.server.store.LensCheckStore;
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

  /**
   * @param fileHash of the file that the migration has now
   */
  static LensEvidence lens(LensCheckStore.Checked checked, String fileHash) {
    return LensEvidence.newBuilder()
        .setAsOf(Wire.timestamp(checked.asOf()))
        .setEndedAt(Wire.timestamp(checked.endedAt()))
        .setOfThisFile(checked.fileHash().equals(fileHash))
        .setRows(checked.found().rows())
        .setLost(checked.found().lost())
        .addAllFindings(checked.found().findings())
        .addAllExamples(checked.found().examples())
        .build();
  }
}
