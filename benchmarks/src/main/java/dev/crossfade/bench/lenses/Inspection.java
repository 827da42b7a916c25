package dev.crossfade.bench.lenses;

import java.util.List;

/**
 * What the checks said of a lens.
 *
 * @param caught by what; NOBODY when nothing was found
 * @param code of the finding that tells it best; empty when nothing was found
 * @param place of it
 * @param example a row that shows it, or what stands at the place
 */
public record Inspection(LensCase lens, By caught, String code, String place, String example) {
  /** Who has caught it, the first that did. */
  public enum By {
    /** The compiler, against both catalogs. */
    FILE,
    /** The check of every row. */
    ROWS,
    /** The comparison of the catalogs. */
    CATALOG,
    NOBODY
  }

  /** How many were caught. */
  public static long caught(List<Inspection> inspections) {
    return inspections.stream().filter(one -> one.caught() != By.NOBODY).count();
  }
}
