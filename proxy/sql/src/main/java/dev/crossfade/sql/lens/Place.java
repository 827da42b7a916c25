package dev.crossfade.sql.lens;

/** Where a translated read runs, as its client sees it. */
enum Place {
  /** On the other side, which must give the authority's answer. */
  BESIDE,
  /**
   * On the authority, which is another server than the one that has all that is not mapped: the
   * time is the right one, tables and functions of the client's own are not there.
   */
  AUTHORITY,
  /**
   * Where all else of its session runs: the clock, the functions and the tables that are not mapped
   * are the right ones.
   */
  HOME;

  boolean isAuthority() {
    return this != BESIDE;
  }
}
