package dev.crossfade.server.rollout;

import dev.crossfade.engine.catalog.CatalogEntry;
import dev.crossfade.engine.rollout.Plan;
import dev.crossfade.engine.rollout.PlanReader;
import dev.crossfade.sql.yaml.InvalidFileException;
import java.util.Optional;

/** Plans of catalogued files, which were checked when they were applied. */
public final class Plans {
  private Plans() {}

  /** Of a migration; empty when its file has none, or one that this version cannot read. */
  public static Optional<Plan> of(CatalogEntry entry) {
    try {
      return PlanReader.read(entry.file().yaml(), entry.file().source());
    } catch (InvalidFileException e) {
      return Optional.empty();
    }
  }
}
