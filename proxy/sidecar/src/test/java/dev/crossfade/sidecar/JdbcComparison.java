package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.testkit.process.Await;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PGobject;

/** Two databases, a sidecar that reads all it can from new, and old itself to compare with. */
final class JdbcComparison implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(8);
  private static final int ROUNDS = 2;

  final Pair pair;
  final Sidecar sidecar;

  JdbcComparison() throws Exception {
    pair = new Pair();
    sidecar = pair.sidecar("RAMP", "100%", "random");
  }

  /** What a program does with a connection, as lines about what it saw. */
  interface Program {
    void run(Connection connection, List<String> seen) throws Exception;
  }

  /** The program sees the same through the sidecar as directly, however often. */
  void same(Program program, String... properties) throws Exception {
    List<String> expected = directly(program, properties);
    for (int round = 0; round < ROUNDS; round++) {
      assertThat(through(program, properties)).as("round %s", round).isEqualTo(expected);
    }
  }

  /** The same, and once the plans are made, at least so many of its reads are answered by new. */
  void sameOnNew(int reads, Program program, String... properties) throws Exception {
    List<String> expected = directly(program, properties);
    try {
      Await.until(
          "new to answer " + reads + " reads",
          PATIENCE,
          () -> {
            long before = MarkedPair.onNew(sidecar);
            assertThat(through(program, properties)).isEqualTo(expected);
            return MarkedPair.onNew(sidecar) - before >= reads;
          });
    } catch (AssertionError e) {
      String reasons =
          Pair.scrape(sidecar)
              .lines()
              .filter(line -> line.startsWith("crossfade_queries_total") && !line.endsWith(" 0.0"))
              .collect(Collectors.joining("\n"));
      throw new AssertionError(e.getMessage() + '\n' + reasons, e);
    }
  }

  private List<String> directly(Program program, String... properties) throws Exception {
    return run(pair.old.port(), program, properties);
  }

  private List<String> through(Program program, String... properties) throws Exception {
    return run(sidecar.address().getPort(), program, properties);
  }

  private static List<String> run(int port, Program program, String... properties)
      throws Exception {
    List<String> seen = new ArrayList<>();
    try (Connection connection = connect(port, properties)) {
      program.run(connection, seen);
    }
    return seen;
  }

  private static Connection connect(int port, String... properties) throws SQLException {
    Properties all = new Properties();
    all.setProperty("user", Pair.USER);
    all.setProperty("password", Pair.PASSWORD);
    for (int i = 0; i < properties.length; i += 2) {
      all.setProperty(properties[i], properties[i + 1]);
    }
    return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/shop", all);
  }

  /** Adds what the driver says of the columns, and the rows that are left. */
  static void read(ResultSet rows, List<String> seen) throws SQLException {
    ResultSetMetaData meta = rows.getMetaData();
    int columns = meta.getColumnCount();
    List<String> head = new ArrayList<>();
    for (int i = 1; i <= columns; i++) {
      head.add(
          "%s of %s %s(%d, %d) null %d"
              .formatted(
                  meta.getColumnLabel(i),
                  meta.getTableName(i),
                  meta.getColumnTypeName(i),
                  meta.getPrecision(i),
                  meta.getScale(i),
                  meta.isNullable(i)));
    }
    seen.add(head.toString());
    while (rows.next()) {
      List<String> row = new ArrayList<>();
      for (int i = 1; i <= columns; i++) {
        row.add(text(rows.getObject(i)));
      }
      seen.add(row.toString());
    }
  }

  private static String text(@Nullable Object value) throws SQLException {
    return switch (value) {
      case null -> "null";
      case byte[] bytes -> "bytes " + java.util.HexFormat.of().formatHex(bytes);
      case java.sql.Array array -> "array " + array;
      case PGobject object -> object.getType() + ' ' + object.getValue();
      default -> value.getClass().getSimpleName() + ' ' + value;
    };
  }

  /** Runs a step that may fail, and adds how. */
  static void attempt(List<String> seen, Step step) throws Exception {
    try {
      step.run();
      seen.add("done");
    } catch (SQLException e) {
      for (Throwable each = e;
          each instanceof SQLException error;
          each = error.getNextException()) {
        seen.add(error.getSQLState() + ' ' + error.getMessage());
      }
    }
  }

  /** One call of the driver, or some. */
  interface Step {
    void run() throws Exception;
  }

  @Override
  public void close() throws IOException {
    sidecar.close();
    pair.close();
  }
}
