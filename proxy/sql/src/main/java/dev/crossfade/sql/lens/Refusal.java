package dev.crossfade.sql.lens;

/**
 * Why a statement is not translated and stays with the authority. A metric label and a column of
 * the readiness report.
 */
public enum Refusal {
  /** The lexer or the grammar does not know it. */
  PARSE_FAILED,
  /** Not a SELECT, VALUES or TABLE, or it writes in a WITH. */
  NOT_A_READ,
  /** It reads no mapped table. */
  NOT_MAPPED,
  /** It reads mapped tables together with others, which new does not have. */
  MIXED_TABLES,
  /** {@code ctid}, {@code xmin} and their like: new's rows are other rows. */
  SYSTEM_COLUMN,
  /** FOR UPDATE, FOR SHARE: the lock is wanted where the writes go. */
  LOCKING_READ,
  /** Calls what gives another answer every time, or leaves a trace. */
  VOLATILE_FUNCTION,
  /** Calls what is not known to be built in and steady. */
  UNKNOWN_FUNCTION,
  /** Asks for something about the server, its catalog or the session. */
  SERVER_DEPENDENT,
  /** Depends on the time: the servers' clocks are two. */
  CLOCK,
  TABLESAMPLE,
  SELECT_INTO,
  MULTIPLE_STATEMENTS,
  /** A table's name used as a value: its type is not the old table's any more. */
  WHOLE_ROW,
  /** {@code schema.table.column}: no schema stands before a query. */
  QUALIFIED_COLUMN,
  /**
   * Has a type that users made and that is not known to be the same on both sides, or a collation
   * that is not built in.
   */
  USER_TYPE,
  /** The lens does not say what a write of this table is on the other side. */
  NOT_WRITABLE,
  UNSUPPORTED_SYNTAX,
  TOO_LARGE,
  TOO_DEEP
}
