package dev.crossfade.core.route;

/** What the transaction that a session is in says about where its reads go. */
public enum TransactionSide {
  /** In no transaction: each statement is its own. */
  NONE,
  /** In one that was not declared READ ONLY at its start, or that has failed: the authority. */
  AUTHORITY,
  /** In a READ ONLY one that has not read yet: its first read decides for all. */
  READ_ONLY_UNDECIDED,
  /** In a READ ONLY one that reads from old. */
  READ_ONLY_OLD,
  /** In a READ ONLY one that reads from new. */
  READ_ONLY_NEW
}
