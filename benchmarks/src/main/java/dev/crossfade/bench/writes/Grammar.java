package dev.crossfade.bench.writes;

import java.util.List;

/** Writes statements, each from its seed, its session and its number alone. */
final class Grammar {
  private static final long SESSIONS = 1_000_003;
  private static final long STATEMENTS = 7_919_000_000_000L;

  private Grammar() {}

  /**
   * @param shard whose rows it writes, 1 or more
   * @param number among the session's, from 1
   */
  static Draft statement(long seed, int shard, int number) {
    Dice dice = new Dice(seed * STATEMENTS + shard * SESSIONS + number);
    Form form = dice.one(FORMS);
    Scene scene = new Scene(dice, table(dice), shard, shard * 100_000 + number);
    return new Draft(form, sql(form, scene), false, false);
  }

  private static final List<Form> FORMS =
      List.of(Form.values());

  private static Table table(Dice dice) {
    return dice.chance(35) ? Table.CUSTOMERS : dice.one(Table.ALL);
  }

  static String sql(Form form, Scene scene) {
    InsertForms inserts = new InsertForms(scene);
    ChangeForms changes = new ChangeForms(scene);
    return switch (form) {
      case INSERT_VALUES, INSERT_DEFAULTS -> inserts.values(1);
      case INSERT_ROWS -> inserts.values(scene.dice.between(2, 4));
      case INSERT_SELECT -> inserts.select();
      case INSERT_RETURNING -> inserts.returning();
      case CONFLICT_NOTHING -> inserts.conflictNothing();
      case CONFLICT_UPDATE -> inserts.conflictUpdate();
      case UPDATE_BY_KEY -> changes.updateByKey();
      case UPDATE_WHERE -> changes.updateWhere();
      case UPDATE_QUERY -> changes.updateQuery();
      case UPDATE_FROM -> changes.updateFrom();
      case UPDATE_KEY -> changes.updateKey();
      case UPDATE_RETURNING -> changes.updateReturning();
      case DELETE_BY_KEY -> changes.deleteByKey();
      case DELETE_WHERE -> changes.deleteWhere();
      case DELETE_USING -> changes.deleteUsing();
      case DELETE_RETURNING -> changes.deleteReturning();
      case MERGE -> new MergeForms(scene).merge();
      case WITH -> changes.with();
      case MUST_FAIL -> new FailForms(scene).statement();
    };
  }
}
