package dev.crossfade.core.route;

/**
 * Why a statement batch went where it went. Each is a label of the metric {@code
 * crossfade_queries}.
 */
public enum RouteReason {
  /** In the share of reads that new answers. */
  IN_SHARE,
  /** New is the authority. */
  AUTHORITY_NEW,
  /** Outside the share. */
  OUT_OF_SHARE,
  /** The stage sends all reads to the authority. */
  STAGE,
  /** Names no mapped table. */
  UNMAPPED,
  /** Names a mapped table and is no plain read. */
  NOT_A_READ,
  /** Reads a mapped and an unmapped table. */
  MIXED_TABLES,
  /** Cannot be translated; the readiness report says why. */
  NOT_TRANSLATABLE,
  /** Seen for the first time: its plan is being made and validated. */
  PLAN_PENDING,
  /** More than one statement in the batch, of different plans. */
  MULTIPLE_STATEMENTS,
  /** Inside a transaction that was not declared READ ONLY at its start. */
  IN_TRANSACTION,
  /**
   * A READ ONLY transaction that has already read from the authority, or at an isolation level that
   * fixes a snapshot.
   */
  TRANSACTION_SIDE,
  /**
   * The session carries state that new does not have (search_path, role, temporary tables, ...).
   */
  SESSION_STATE,
  /** The session's database or user is not one that the migration covers. */
  SESSION_SCOPE,
  /** The session speaks the new shape: what it sends was translated for the authority. */
  NEW_SHAPE,
  /** The user may not read the mapped table on old, or row security decides what it sees. */
  PRIVILEGES,
  /** Prepares, describes or flushes: metadata is always the authority's. */
  METADATA,
  /** Larger than the batch limit. */
  BATCH_TOO_LARGE,
  /** New could not be reached in time. */
  NEW_UNAVAILABLE,
  /** The circuit of new is open. */
  CIRCUIT_OPEN,
  /** New failed before its first row: answered by old. */
  FALLBACK,
  /** New does not have yet what this session has written or read on old. */
  NOT_FRESH,
  /** A write to a mapped table was seen while nothing mirrors it: new may be stale. */
  UNMIRRORED_WRITE;

  /**
   * Whether the read could have been answered by either side, so that the share or the state of new
   * decided.
   */
  public boolean isRoutable() {
    return switch (this) {
      case IN_SHARE,
          OUT_OF_SHARE,
          STAGE,
          TRANSACTION_SIDE,
          NEW_UNAVAILABLE,
          CIRCUIT_OPEN,
          NOT_FRESH,
          FALLBACK ->
          true;
      case AUTHORITY_NEW,
          UNMAPPED,
          NOT_A_READ,
          MIXED_TABLES,
          NOT_TRANSLATABLE,
          PLAN_PENDING,
          MULTIPLE_STATEMENTS,
          IN_TRANSACTION,
          SESSION_STATE,
          SESSION_SCOPE,
          NEW_SHAPE,
          PRIVILEGES,
          METADATA,
          BATCH_TOO_LARGE,
          UNMIRRORED_WRITE ->
          false;
    };
  }
}
