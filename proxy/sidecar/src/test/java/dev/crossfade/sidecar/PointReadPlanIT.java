package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.testkit.wire.Frame;
import dev.crossfade.testkit.wire.WireClient;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A read of one entity stays one on new: the query that a table becomes is taken apart again. */
class PointReadPlanIT {
  private static Pair pair;
  private static Sidecar sidecar;

  @BeforeAll
  static void start() throws Exception {
    pair = new Pair();
    pair.target.executeIn(
        "shop2",
        "INSERT INTO people SELECT i, 'Given' || i, NULL, i, now() FROM generate_series(501, 20000)"
            + " i",
        "INSERT INTO contacts SELECT i, 'c' || i FROM generate_series(501, 20000) i",
        "ANALYZE");
    sidecar = pair.sidecar("RAMP", "100%", "session", CommandsIT.ENABLED);
  }

  @AfterAll
  static void stop() throws Exception {
    sidecar.close();
    pair.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM customers WHERE id = 17",
        "SELECT full_name, email FROM public.customers AS c WHERE c.id = '17'",
        "SELECT public.customers.email FROM customers WHERE id IN (17, 18)",
        "SELECT row_to_json(c) FROM customers c WHERE id = 17",
        "SELECT id, email, count(*) FROM customers WHERE id = 17 GROUP BY id",
        "SELECT a.email, b.full_name FROM customers a JOIN customers b ON b.id = a.id WHERE a.id ="
            + " 3",
        "SELECT * FROM customers WHERE id = 17 AND full_name LIKE '%now%'"
      })
  void onlyIndexesAreScanned(String sql) throws Exception {
    List<String> scans = new ArrayList<>();
    for (String line : planOnNew(translated(sql))) {
      if (line.contains("Scan")) {
        scans.add(line);
      }
    }
    assertThat(scans).isNotEmpty().allMatch(line -> line.contains("Index"), "an index scan");
  }

  @ParameterizedTest
  @ValueSource(strings = {"SELECT * FROM customers", "SELECT * FROM customers WHERE id % 2 = 0"})
  void aReadOfEverythingIsNone(String sql) throws Exception {
    assertThat(planOnNew(translated(sql))).anyMatch(line -> line.contains("Seq Scan"));
  }

  private static String translated(String sql) throws Exception {
    try (WireClient client = MarkedPair.client(sidecar)) {
      for (Frame frame : client.query("EXPLAIN CROSSFADE " + sql)) {
        if (frame.type() == 'D' && "translated".equals(frame.text(0))) {
          return String.valueOf(frame.text(1));
        }
      }
    }
    throw new AssertionError("not translated: " + sql);
  }

  private static List<String> planOnNew(String sql) throws SQLException {
    List<String> lines = new ArrayList<>();
    try (Connection connection = pair.target.connect("shop2");
        Statement statement = connection.createStatement();
        ResultSet plan = statement.executeQuery("EXPLAIN " + sql)) {
      while (plan.next()) {
        lines.add(plan.getString(1));
      }
    }
    return lines;
  }
}
