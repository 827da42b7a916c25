package dev.crossfade.bench.writes;

/**
 * TRUNCATE, and what fills and changes the table again that it empties. It waits for everybody who
 * has touched the table, and everybody after waits for it: so the order in which transactions end
 * is that in which they had the table. A statement that finds rows there has its place in it; one
 * whose transaction breaks has none, since the server lets go of the table at once.
 */
final class TruncateForms {
  private final Scene scene;

  TruncateForms(Scene scene) {
    this.scene = scene;
  }

  Draft draft() {
    InsertForms inserts = new InsertForms(scene);
    ChangeForms changes = new ChangeForms(scene);
    String fresh =
        "INSERT INTO tallies VALUES (%s, %d, %s), (%s, %d, NULL)"
            .formatted(key(), scene.shard, scene.values.literal(note()), key(), scene.shard);
    return switch (scene.dice.below(8)) {
      case 0, 1 -> new Draft(Form.TRUNCATE, truncate());
      case 2, 3, 4 -> new Draft(Form.TRUNCATE, fresh);
      case 5 -> found(changes.updateWhere());
      case 6 -> found(changes.deleteWhere());
      default -> found(inserts.values(1) + inserts.update(scene.table.uniques().getFirst()));
    };
  }

  private static Draft found(String sql) {
    return new Draft(Form.TRUNCATE, sql, true, true, "");
  }

  private String truncate() {
    return "TRUNCATE "
        + scene.dice.one("", "TABLE ")
        + scene.dice.one("tallies", "public.tallies", "\"tallies\" *")
        + scene.dice.one("", " RESTART IDENTITY", " CASCADE");
  }

  private String key() {
    return scene.values.fresh(scene.table.column("id"));
  }

  private Table.Column note() {
    return scene.table.column("note");
  }
}
