package dev.crossfade.bench.writes;

import java.util.ArrayList;
import java.util.List;

/** Writes statements, each from its seed, its session and its number alone. */
final class Grammar {
  private static final long SESSIONS = 1_000_003;
  private static final long STATEMENTS = 7_919_000_000_000L;

  private Grammar() {}

  /** Forms of statements about one row that everybody writes. */
  private static final List<Form> HOT_FORMS =
      List.of(
          Form.UPDATE_BY_KEY,
          Form.UPDATE_BY_KEY,
          Form.UPDATE_BY_KEY,
          Form.UPDATE_KEY,
          Form.DELETE_BY_KEY,
          Form.MERGE,
          Form.INSERT_VALUES,
          Form.CONFLICT_NOTHING,
          Form.CONFLICT_UPDATE,
          Form.CONFLICT_UPDATE);

  private static final List<Table> HOT_TABLES =
      List.of(
          Table.CUSTOMERS,
          Table.ARTICLES,
          Table.MEMBERS,
          Table.SETTINGS,
          Table.GUESTS,
          Table.PARCELS);

  private static final List<Form> FORMS = List.of(Form.values());

  /** The transactions of one session, without an end. One thread's own. */
  static final class Source {
    private final long seed;
    private final int shard;
    private int number;

    /**
     * @param shard whose rows it writes, 1 or more
     */
    Source(long seed, int shard) {
      this.seed = seed;
      this.shard = shard;
    }

    int shard() {
      return shard;
    }

    /**
     * @param most statements that it may have
     */
    Work next(int most) {
      Dice dice = new Dice(~(seed * STATEMENTS + shard * SESSIONS + number));
      int count = Math.min(most, dice.chance(60) ? 1 : dice.between(2, 4));
      List<Draft> drafts = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        number++;
        drafts.add(dice.chance(25) ? hot(seed, shard, number) : statement(seed, shard, number));
      }
      return new Work(drafts, count == 1 || !dice.chance(20));
    }
  }

  private static Dice dice(long seed, int shard, int number) {
    return new Dice(seed * STATEMENTS + shard * SESSIONS + number);
  }

  /**
   * About rows of the session's own.
   *
   * @param shard whose rows it writes, 1 or more
   * @param number among the session's, from 1
   */
  static Draft statement(long seed, int shard, int number) {
    Dice dice = dice(seed, shard, number);
    Form form = dice.one(FORMS);
    if (form == Form.TRUNCATE) {
      return new TruncateForms(new Scene(dice, Table.TALLIES, shard, shard * 100_000 + number))
          .draft();
    }
    Scene scene = new Scene(dice, table(dice), shard, shard * 100_000 + number);
    return form == Form.COPY_FROM ? new CopyForms(scene).from() : new Draft(form, sql(form, scene));
  }

  /** About one row that everybody writes. */
  static Draft hot(long seed, int shard, int number) {
    Dice dice = dice(seed, shard, number);
    Form form = dice.one(HOT_FORMS);
    Scene scene = new Scene(dice, dice.one(HOT_TABLES), 0, shard * 100_000 + number);
    InsertForms inserts = new InsertForms(scene);
    ChangeForms changes = new ChangeForms(scene);
    String returning = dice.chance(40) ? " RETURNING " + scene.returning() : "";
    String sql =
        switch (form) {
          case UPDATE_BY_KEY -> changes.updateByKey();
          case UPDATE_KEY -> changes.moveOne();
          case DELETE_BY_KEY -> changes.deleteByKey();
          case MERGE -> new MergeForms(scene).mergeOne();
          case INSERT_VALUES -> inserts.values(1);
          case CONFLICT_NOTHING -> inserts.values(1) + inserts.nothing();
          default -> inserts.values(1) + inserts.update(dice.one(scene.table.uniques()));
        };
    String rows = form == Form.MERGE ? "" : returning;
    return new Draft(
        form, sql + rows, true, form == Form.CONFLICT_UPDATE || form == Form.CONFLICT_NOTHING, "");
  }

  private static Table table(Dice dice) {
    return dice.chance(35) ? Table.CUSTOMERS : dice.one(Table.ALL);
  }

  static String sql(Form form, Scene scene) {
    InsertForms inserts = new InsertForms(scene);
    ChangeForms changes = new ChangeForms(scene);
    return switch (form) {
      case INSERT_VALUES -> inserts.values(1);
      case INSERT_DEFAULTS -> inserts.defaults();
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
      case COPY_FROM -> new CopyForms(scene).from().sql();
      case COPY_TO -> new CopyForms(scene).to();
      case LOCKING_READ -> new CopyForms(scene).lockingRead();
      case TRUNCATE -> new TruncateForms(scene).draft().sql();
      case MUST_FAIL -> new FailForms(scene).statement();
    };
  }
}
