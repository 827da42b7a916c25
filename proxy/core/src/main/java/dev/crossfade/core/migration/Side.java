package dev.crossfade.core.migration;

/** One of the two datastores of a migration. */
public enum Side {
  OLD,
  NEW;

  public Side other() {
    return this == OLD ? NEW : OLD;
  }
}
