package dev.crossfade.bench.differential;

import dev.crossfade.bench.data.LensFile;
import dev.crossfade.bench.data.NewSchema;
import dev.crossfade.bench.demo.Site;
import dev.crossfade.testkit.postgres.EmbeddedServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Fills the two databases with the corpus, and a third one beside old: the same rows in another
 * physical order. What answers otherwise there answers by chance.
 */
final class CorpusSite {
  /** The third database, on old's server. */
  static final String SHUFFLED = "shuffled";

  private CorpusSite() {}

  /**
   * @param seed of the other order
   * @throws IllegalStateException when the lens loses something of the rows
   */
  static void fill(Site site, long seed) throws SQLException {
    EmbeddedServer old = site.old();
    EmbeddedServer target = site.target();
    LensFile lens = Corpus.lens();
    String[] tables = Corpus.oldSchema().toArray(String[]::new);
    for (String database : List.of(Site.DATABASE, SHUFFLED)) {
      old.createDatabase(database);
      old.executeIn(database, tables);
    }
    for (LensFile.Mapping table : lens.down()) {
      old.executeIn(SHUFFLED, shuffle(table.table(), seed));
    }
    target.createDatabase(Site.DATABASE);
    target.executeIn(Site.DATABASE, Corpus.newSchema().toArray(String[]::new));
    try (Connection source = site.connectToOld();
        Connection sink = site.connectToNew()) {
      for (LensFile.Mapping table : lens.up()) {
        NewSchema.copy(table, source, sink);
      }
      checkNothingIsLost(lens, source, sink);
    }
    for (String database : List.of(Site.DATABASE, SHUFFLED)) {
      old.executeIn(database, grants("public"));
      // What FOR UPDATE asks for; nothing in the corpus writes.
      old.executeIn(
          database, "GRANT UPDATE ON ALL TABLES IN SCHEMA public TO " + Site.APP.user(), "ANALYZE");
    }
    target.executeIn(Site.DATABASE, grants("public"));
    target.executeIn(Site.DATABASE, grants("moved"));
    target.executeIn(Site.DATABASE, "ANALYZE");
  }

  private static String[] shuffle(String table, long seed) {
    return new String[] {
      "CREATE TABLE shuffling AS SELECT t.* FROM "
          + table
          + " AS t ORDER BY md5("
          + seed
          + " || t::text), t.ctid DESC",
      "DELETE FROM " + table,
      "INSERT INTO " + table + " SELECT * FROM shuffling",
      "DROP TABLE shuffling"
    };
  }

  private static String[] grants(String schema) {
    List<String> grants = new ArrayList<>();
    for (String role : List.of(Site.APP.user(), Site.SIDECAR.user())) {
      grants.add("GRANT USAGE ON SCHEMA " + schema + " TO " + role);
      grants.add("GRANT SELECT ON ALL TABLES IN SCHEMA " + schema + " TO " + role);
    }
    return grants.toArray(String[]::new);
  }

  /** Otherwise a difference would tell of the fixture and not of the translation. */
  private static void checkNothingIsLost(LensFile lens, Connection old, Connection target)
      throws SQLException {
    for (LensFile.Mapping table : lens.down()) {
      String expected = digest(old, "TABLE " + table.table());
      String found = digest(target, table.query());
      if (!expected.equals(found)) {
        throw new IllegalStateException("the lens of the corpus loses rows of " + table.table());
      }
    }
  }

  private static String digest(Connection connection, String query) throws SQLException {
    String sql =
        "SELECT count(*) || md5(string_agg(t::text, ' ' ORDER BY t::text COLLATE \"C\")) FROM ("
            + query
            + ") AS t";
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return String.valueOf(result.getString(1));
    }
  }
}
