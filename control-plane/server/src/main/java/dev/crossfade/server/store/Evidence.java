package dev.crossfade.server.store;

import javax.sql.DataSource;

/** What was found out about migrations, each with the time that it holds for. */
public record Evidence(
    VerificationStore verifications,
    LossStore losses,
    LensCheckStore lensChecks,
    FlagReadings flags) {
  public static Evidence in(DataSource database) {
    return new Evidence(
        new VerificationStore(database),
        new LossStore(database),
        new LensCheckStore(database),
        new FlagReadings(database));
  }
}
