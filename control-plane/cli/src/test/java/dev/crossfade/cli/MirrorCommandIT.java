package dev.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Struct;
import com.google.protobuf.util.JsonFormat;
import dev.crossfade.cli.LiveControlPlane.Outcome;
import dev.crossfade.testkit.postgres.EmbeddedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ctl mirror}, against real databases: from nothing to two equal sides and back. */
class MirrorCommandIT {
  private static final String FILE =
      """
      apiVersion: crossfade.dev/v1
      kind: Migration
      metadata: {name: notes}
      spec:
        engine: postgresql
        tables:
          - old: notes
            new: remarks
            columns: {body: {rename: text}}
      """;
  private static final int ROWS = 3000;

  @SuppressWarnings("NullAway.Init")
  private static EmbeddedServer server;

  @TempDir Path folder;

  @BeforeAll
  static void start() throws SQLException {
    server = EmbeddedServer.start();
    for (String database : List.of("old", "new")) {
      server.createDatabase(database);
    }
    server.executeIn(
        "old",
        "CREATE TABLE notes (id bigint PRIMARY KEY, body text)",
        "INSERT INTO notes SELECT i, 'note ' || i FROM generate_series(1, " + ROWS + ") AS i");
    server.executeIn(
        "new", "CREATE TABLE remarks (id bigint PRIMARY KEY, text text CHECK (text <> 'bad'))");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private Outcome mirror(String command, String... more) throws IOException {
    return mirror(new Sides(url("old"), url("new")), command, more);
  }

  private record Sides(String old, String next) {}

  private Outcome mirror(Sides sides, String command, String... more) throws IOException {
    Path file = folder.resolve("notes.yaml");
    Files.writeString(file, FILE);
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "mirror", command, file.toString(), "--old", sides.old(), "--new", sides.next()));
    arguments.addAll(List.of(more));
    return LiveControlPlane.ctl(Map.of(), arguments.toArray(String[]::new));
  }

  private static String url(String database) {
    return "postgresql://postgres@127.0.0.1:" + server.port() + "/" + database;
  }

  private static String value(String database, String sql) throws SQLException {
    try (Connection connection = server.connect(database);
        ResultSet result = connection.createStatement().executeQuery(sql)) {
      result.next();
      return result.getString(1);
    }
  }

  private static void done(Outcome outcome, String out) {
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.out()).isEqualTo(out);
    assertThat(outcome.exitCode()).isZero();
  }

  @Test
  void bothSidesInOneDatabase() throws Exception {
    server.createDatabase("both");
    server.executeIn(
        "both",
        "CREATE TABLE notes (id bigint PRIMARY KEY, body text)",
        "INSERT INTO notes SELECT i, 'note ' || i FROM generate_series(1, 300) AS i",
        "CREATE TABLE remarks (id bigint PRIMARY KEY, text text CHECK (text <> 'bad'))");
    // The same database by another name of its server.
    Sides both = new Sides(url("both"), url("both").replace("127.0.0.1", "localhost"));
    Outcome print = mirror(both, "install", "--print");
    assertThat(print.out()).contains("image_").contains("-- on new");
    for (int i = 0; i < 2; i++) {
      done(
          mirror(both, "install"),
          "both sides are in one database: whoever writes 1 tables of old writes 1 of new in the"
              + " same transaction, and nobody else does");
    }
    server.executeIn("both", "INSERT INTO notes VALUES (301, 'new')");
    assertThat(value("both", "SELECT count(*) FROM remarks")).isEqualTo("1");
    done(mirror(both, "backfill"), "301 entities carried, 0 of them can not be");
    done(mirror(both, "verify"), "301 rows compared; 0 entities have drifted");
    assertThatThrownBy(() -> server.executeIn("both", "UPDATE notes SET body = 'bad' WHERE id = 7"))
        .hasMessageContaining("migration notes can not have its image in public.remarks");
    Outcome status = mirror(both, "status");
    assertThat(status.exitCode()).isZero();
    assertThat(status.out())
        .contains("both sides are in one database: whoever writes one writes the other as well");
    assertThat(mirror(both, "remove").exitCode()).isZero();
    server.executeIn("both", "DELETE FROM remarks WHERE id = 1", "DELETE FROM notes");
    assertThat(value("both", "SELECT count(*) FROM remarks")).isEqualTo("300");
  }

  @Test
  void theWholeWay() throws Exception {
    Outcome early = mirror("backfill");
    assertThat(early.exitCode()).isEqualTo(3);
    assertThat(early.err()).contains("42P01").contains("crossfade");

    done(
        mirror("install"),
        "old logs the changes of 1 tables; 1 tables of new take writes of the mirror only");
    done(
        mirror("install"),
        "old logs the changes of 1 tables; 1 tables of new take writes of the mirror only");
    assertThatThrownBy(() -> server.executeIn("new", "DELETE FROM remarks"))
        .hasMessageContaining("migration notes has its authority on OLD, not here");
    assertThat(mirror("verify").exitCode()).isEqualTo(4);

    server.executeIn("old", "UPDATE notes SET body = 'bad' WHERE id = 7");
    assertThat(value("old", "SELECT key FROM crossfade.mutation")).isEqualTo("{7}");
    Outcome backfill = mirror("backfill", "--chunk", "500");
    assertThat(backfill.exitCode()).isEqualTo(4);
    assertThat(backfill.err()).contains("public.notes [7] (23514)");
    assertThat(backfill.out()).isEqualTo("3,000 entities carried, 1 of them can not be");
    done(mirror("backfill"), "0 entities carried, 0 of them can not be");
    server.executeIn("old", "UPDATE notes SET body = 'good' WHERE id = 7");
    done(mirror("backfill", "--again"), "3,000 entities carried, 0 of them can not be");
    server.executeIn("old", "TRUNCATE crossfade.mutation");
    done(mirror("verify"), "3,000 rows compared; 0 entities have drifted");
    deadLetters();

    server.executeIn(
        "new",
        "SET crossfade.applying = on",
        "UPDATE remarks SET text = 'x' WHERE id = 9",
        "DELETE FROM remarks WHERE id = 10");
    Outcome verify = mirror("verify", "-o", "json");
    assertThat(verify.exitCode()).isEqualTo(4);
    Struct.Builder found = Struct.newBuilder();
    JsonFormat.parser().merge(verify.out(), found);
    assertThat(found.getFieldsOrThrow("drifted").getNumberValue()).isEqualTo(2);
    assertThat(found.getFieldsOrThrow("keys").getListValue().getValuesList())
        .extracting(com.google.protobuf.Value::getStringValue)
        .containsExactlyInAnyOrder("public.notes 9", "public.notes 10");
    assertThat(mirror("verify", "--repair").exitCode()).isZero();
    done(mirror("verify"), "3,000 rows compared; 0 entities have drifted");

    done(mirror("remove"), "old no longer logs the changes of notes");
    server.executeIn("new", "DELETE FROM remarks WHERE id = 1");
    server.executeIn("old", "DELETE FROM notes WHERE id = 1");
    assertThat(value("old", "SELECT count(*) FROM pg_trigger WHERE tgrelid = 'notes'::regclass"))
        .isEqualTo("0");
    assertThat(value("old", "SELECT count(*) FROM crossfade.mutation")).isEqualTo("0");

    Outcome printed = mirror("install", "--print");
    assertThat(value("old", "SELECT count(*) FROM pg_trigger WHERE tgrelid = 'notes'::regclass"))
        .isEqualTo("0");
    String[] sides = printed.out().split("-- on new\n");
    server.executeIn("old", sides[0]);
    server.executeIn("new", sides[1]);
    server.executeIn("old", "INSERT INTO notes VALUES (-1, 'first')");
    assertThat(value("old", "SELECT key FROM crossfade.mutation")).isEqualTo("{-1}");
  }

  /** What a mirror has given up is seen, tried again, forgotten. */
  private void deadLetters() throws Exception {
    done(mirror("dead-letters"), "nothing was given up");
    String status = mirror("status").out();
    assertThat(status.lines().skip(1))
        .map(line -> line.replaceAll(" +", " "))
        .containsExactly("old OLD 1 0 0 - 0", "new OLD 1 0 0 - 0");
    String bury =
        "INSERT INTO crossfade.dead_letter (entity_group, key, sqlstate, error, attempts) SELECT"
            + " number, '{8}', '23514', 'too bad', 10 FROM crossfade.entity_group WHERE name ="
            + " 'public.notes'";
    server.executeIn("old", bury);
    Outcome listed = mirror("dead-letters");
    assertThat(listed.exitCode()).isEqualTo(4);
    assertThat(listed.out()).contains("public.notes  8").contains("23514").contains("too bad");
    assertThat(mirror("dead-letters", "-o", "json").out()).contains("\"entity\": \"8\"");
    assertThat(mirror("status").exitCode()).isEqualTo(4);
    assertThat(mirror("dead-letters", "--replay", "--discard").exitCode()).isEqualTo(2);
    done(mirror("dead-letters", "--replay"), "1 entities are tried again");
    assertThat(value("old", "SELECT key FROM crossfade.mutation")).isEqualTo("{8}");
    assertThat(mirror("status").out()).containsPattern("old +OLD +1 +0 +1 +[0-9]+ ms +0");
    server.executeIn("old", "TRUNCATE crossfade.mutation", bury);
    done(mirror("dead-letters", "--discard"), "1 entities are forgotten");
    done(mirror("dead-letters"), "nothing was given up");
  }
}
