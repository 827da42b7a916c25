package dev.crossfade.postgresql.shadow;

import dev.crossfade.core.compare.Verdict;

/**
 * Where a comparison is counted. Decided before its outcome is known: see {@link
 * dev.crossfade.core.compare.DoubtRoom}.
 */
enum Counted {
  FULLY,
  /** Another query of the migration has more differences than can be confirmed. */
  OF_ITS_QUERY,
  /** A difference would find no place. */
  NOT;

  /** As the migration counts it. */
  Verdict ofMigration(Verdict verdict) {
    return this == FULLY ? verdict : Verdict.UNDECIDED;
  }

  /** As the query counts it. */
  Verdict ofQuery(Verdict verdict) {
    return this == NOT ? Verdict.UNDECIDED : verdict;
  }
}
