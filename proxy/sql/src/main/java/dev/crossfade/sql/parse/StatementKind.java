package dev.crossfade.sql.parse;

/** What a statement is, as far as its first words tell. */
public enum StatementKind {
  /** No statement at all. */
  EMPTY,
  /** SELECT, WITH, VALUES, TABLE or an opening parenthesis: perhaps a read, the grammar decides. */
  READ,
  BEGIN,
  /** BEGIN or START TRANSACTION with READ ONLY, each statement with a snapshot of its own. */
  BEGIN_READ_ONLY,
  /** The same with REPEATABLE READ or SERIALIZABLE: one snapshot for all. */
  BEGIN_READ_ONLY_SNAPSHOT,
  /** COMMIT, END. */
  COMMIT,
  /** ROLLBACK, ABORT of the whole transaction. */
  ROLLBACK,
  /** SAVEPOINT, RELEASE, ROLLBACK TO. */
  SAVEPOINT,
  /** SET for the session. */
  SET_SESSION,
  /** SET LOCAL, SET TRANSACTION, SET CONSTRAINTS: ends with the transaction. */
  SET_LOCAL,
  RESET,
  DISCARD,
  DEALLOCATE,
  PREPARE,
  EXECUTE,
  SHOW,
  EXPLAIN,
  COPY,
  CALL_OR_DO,
  /** INSERT, UPDATE, DELETE, MERGE, TRUNCATE. */
  WRITE,
  /** CREATE, ALTER, DROP, GRANT and their like. */
  DDL,
  OTHER
}
