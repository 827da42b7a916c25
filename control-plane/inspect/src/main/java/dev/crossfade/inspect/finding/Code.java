package dev.crossfade.inspect.finding;

import dev.crossfade.core.migration.Stage;

/**
 * What can be found. The names are stable: scripts match them. Each says how much it matters, which
 * stage it is the first to concern, and what to do.
 */
public enum Code {
  // The laws, on rows.
  ROW_LOST(Severity.BLOCKING, Stage.RAMP, "make up and down keep every row"),
  ROW_INVENTED(Severity.BLOCKING, Stage.RAMP, "make up and down give no row that was not there"),
  COLUMN_LOSSY(Severity.BLOCKING, Stage.RAMP, "keep the whole value in new, or accept the loss"),
  COLUMN_NORMALISED(
      Severity.WARNING, Stage.RAMP, "clients see another form; keep it, or accept the change"),
  COLUMN_CONSTANT(
      Severity.WARNING, Stage.RAMP, "if the column is dropped on purpose, accept the loss"),
  IMAGE_UNSTABLE(
      Severity.BLOCKING, Stage.LIVE, "make up give the same rows again after down and up"),
  NEW_NOT_REPRESENTABLE(
      Severity.WARNING, Stage.LIVE, "rows of new that old can't hold are lost by a rollback"),
  VALUE_REFUSED(Severity.BLOCKING, Stage.DUAL_WRITE, "make the cast accept every row"),
  ENTITY_NOT_LOCAL(
      Severity.BLOCKING,
      Stage.DUAL_WRITE,
      "compute each row from its own entity only; no window or aggregate over others"),
  NOT_COMPUTABLE(
      Severity.BLOCKING, Stage.DUAL_WRITE, "make the query run on the other side's image"),
  NOT_CHECKED(Severity.WARNING, Stage.RAMP, "check it by hand, or allow more time"),
  UNMAPPED_READ(
      Severity.WARNING, Stage.DUAL_WRITE, "nothing mirrors that table; keep both copies equal"),
  TYPE_STAND_IN(Severity.NOTE, Stage.RAMP, "nothing, unless the type's own operators matter"),

  // What new demands and old's rows violate.
  NULL_IN_NOT_NULL(Severity.BLOCKING, Stage.DUAL_WRITE, "give a value, or drop NOT NULL"),
  NOT_UNIQUE(Severity.BLOCKING, Stage.DUAL_WRITE, "make the key unique, or drop the unique index"),
  CHECK_VIOLATED(Severity.BLOCKING, Stage.DUAL_WRITE, "clean the rows, or relax the constraint"),
  TOO_LONG(
      Severity.BLOCKING, Stage.DUAL_WRITE, "widen the column, or shorten the values on purpose"),
  LABEL_UNKNOWN(Severity.BLOCKING, Stage.DUAL_WRITE, "add the label to the enum, or map the value"),
  PARENT_MISSING(
      Severity.BLOCKING, Stage.DUAL_WRITE, "repair the reference, or drop the foreign key"),
  KEY_IS_NULL(Severity.BLOCKING, Stage.DUAL_WRITE, "an entity without a key can't be mirrored"),

  // The catalogs.
  FILE_INVALID(Severity.BLOCKING, Stage.DUAL_WRITE, "correct the migration file"),
  QUERY_INVALID(Severity.BLOCKING, Stage.DUAL_WRITE, "make the server accept the query"),
  TYPE_DIFFERS(Severity.WARNING, Stage.DUAL_WRITE, "convert it in the query, so that it is meant"),
  CAST_ADDED(Severity.NOTE, Stage.DUAL_WRITE, "see the row checks for values that do not fit"),
  COLUMN_NOT_GIVEN(
      Severity.BLOCKING, Stage.DUAL_WRITE, "give the column in up, or a default in new"),
  COLUMN_GENERATED(Severity.BLOCKING, Stage.DUAL_WRITE, "leave the generated column out of up"),
  NULLABILITY_DIFFERS(Severity.WARNING, Stage.LIVE, "add NOT NULL in new, or a CHECK"),
  ENTITY_NOT_UNIQUE(
      Severity.NOTE, Stage.DUAL_WRITE, "add a unique index if a row is meant to be an entity"),
  ENTITY_NOT_INDEXED(Severity.BLOCKING, Stage.DUAL_WRITE, "create an index on the entity's key"),
  KEY_NOT_ENFORCED(Severity.BLOCKING, Stage.LIVE, "add a unique index to new"),
  KEY_NOT_TRACED(
      Severity.WARNING, Stage.LIVE, "the key is computed; make sure that new keeps it unique"),
  CONSTRAINT_NOT_ENFORCED(Severity.WARNING, Stage.LIVE, "add the constraint to new"),
  DEFAULT_DIFFERS(Severity.WARNING, Stage.LIVE, "give new's column the same default"),
  SEQUENCE_DIFFERS(Severity.WARNING, Stage.LIVE, "give new its own identity or sequence"),
  COLLATION_DIFFERS(Severity.BLOCKING, Stage.RAMP, "give the column the collation it has in old"),
  COLLATION_VERSION_DIFFERS(
      Severity.WARNING, Stage.RAMP, "servers with other libraries sort differently; compare"),
  ENCODING_DIFFERS(Severity.BLOCKING, Stage.RAMP, "create the new database with old's encoding"),
  SETTING_DIFFERS(Severity.WARNING, Stage.RAMP, "set it as on old"),
  ROW_SECURITY(Severity.BLOCKING, Stage.RAMP, "repeat the policies on new, or keep readers on old"),
  GRANT_MISSING(Severity.BLOCKING, Stage.RAMP, "grant it on new, or these roles stay on old"),
  GRANT_EXCESSIVE(Severity.WARNING, Stage.RAMP, "revoke it on new if it is not meant"),

  // What hangs on mapped tables.
  VIEW_READS(Severity.WARNING, Stage.COMPLETE, "reads through it stay on old; recreate it on new"),
  FUNCTION_NAMES(Severity.WARNING, Stage.LIVE, "calls of it stay on old; move it before LIVE"),
  TRIGGER_FIRES(Severity.BLOCKING, Stage.LIVE, "decide which side does its work, and when"),
  TRIGGER_ON_NEW(
      Severity.WARNING, Stage.DUAL_WRITE, "mirrored writes fire it; make sure that may happen"),
  RULE_REWRITES(Severity.BLOCKING, Stage.LIVE, "replace the rule; translated statements miss it"),
  FOREIGN_KEY_IN(
      Severity.BLOCKING, Stage.COMPLETE, "the referring table must follow or lose the key"),
  FOREIGN_KEY_OUT(Severity.WARNING, Stage.LIVE, "new must have the referenced rows, too"),
  PUBLICATION(Severity.WARNING, Stage.LIVE, "subscribers must be given new's tables"),
  GENERATED_COLUMN(Severity.NOTE, Stage.LIVE, "writes never name it"),
  PARTITIONED(Severity.NOTE, Stage.DUAL_WRITE, "check that partitions for all keys exist"),
  INHERITANCE(
      Severity.WARNING,
      Stage.DUAL_WRITE,
      "rows of children belong to the parent's reads; map them"),
  EVENT_TRIGGER(Severity.NOTE, Stage.DUAL_WRITE, "it sees the DDL of a migration"),
  REPLICA_IDENTITY(
      Severity.WARNING, Stage.DUAL_WRITE, "logical replication can't tell its rows apart"),
  INDEX_NOT_CHECKED(Severity.WARNING, Stage.DUAL_WRITE, "check by hand that old's rows fit it"),
  UNLOGGED(Severity.WARNING, Stage.DUAL_WRITE, "its rows are gone after a crash");

  private final Severity severity;
  private final Stage stage;
  private final String advice;

  Code(Severity severity, Stage stage, String advice) {
    this.severity = severity;
    this.stage = stage;
    this.advice = advice;
  }

  public Severity severity() {
    return severity;
  }

  /** The first stage that it concerns; the later ones as well. */
  public Stage stage() {
    return stage;
  }

  /** What to do. */
  public String advice() {
    return advice;
  }
}
