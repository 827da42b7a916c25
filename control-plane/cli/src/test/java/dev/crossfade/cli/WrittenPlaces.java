package dev.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.testkit.postgres.EmbeddedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Where others could read what is written by a control plane and a sidecar. */
final class WrittenPlaces {
  private WrittenPlaces() {}

  /** The whole database "control". */
  static String dump(EmbeddedServer server) throws SQLException {
    StringBuilder dump = new StringBuilder();
    try (Connection connection = server.connect("control");
        Statement statement = connection.createStatement()) {
      List<String> tables = new ArrayList<>();
      try (ResultSet row =
          statement.executeQuery(
              "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname NOT"
                  + " IN ('pg_catalog', 'information_schema')")) {
        while (row.next()) {
          tables.add(row.getString(1));
        }
      }
      assertThat(tables).hasSizeGreaterThan(8);
      for (String table : tables) {
        try (ResultSet row = statement.executeQuery("SELECT t::text FROM " + table + " AS t")) {
          while (row.next()) {
            dump.append(row.getString(1)).append('\n');
          }
        }
      }
    }
    return dump.toString();
  }

  /** What every user of this machine can see of a process. */
  static String seenByOthers(Process process) throws IOException {
    Path proc = Path.of("/proc", String.valueOf(process.pid()));
    if (!process.isAlive()) {
      return "";
    }
    StringBuilder seen = new StringBuilder(Files.readString(proc.resolve("cmdline")));
    try (Stream<Path> tasks = Files.list(proc.resolve("task"))) {
      for (Path task : tasks.toList()) {
        try {
          seen.append(Files.readString(task.resolve("comm")));
        } catch (IOException e) {
          // The thread has ended meanwhile.
          continue;
        }
      }
    }
    return seen.toString();
  }
}
