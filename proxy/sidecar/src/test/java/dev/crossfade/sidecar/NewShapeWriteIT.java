package dev.crossfade.sidecar;

import static dev.crossfade.testkit.wire.Messages.bind;
import static dev.crossfade.testkit.wire.Messages.closeStatement;
import static dev.crossfade.testkit.wire.Messages.copyData;
import static dev.crossfade.testkit.wire.Messages.copyDone;
import static dev.crossfade.testkit.wire.Messages.copyFail;
import static dev.crossfade.testkit.wire.Messages.describePortal;
import static dev.crossfade.testkit.wire.Messages.describeStatement;
import static dev.crossfade.testkit.wire.Messages.execute;
import static dev.crossfade.testkit.wire.Messages.parse;
import static dev.crossfade.testkit.wire.Messages.query;
import static dev.crossfade.testkit.wire.Messages.sync;
import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.testkit.wire.Frame;
import dev.crossfade.testkit.wire.Parameter;
import dev.crossfade.testkit.wire.WireClient;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A session that speaks the new shape writes to old, and is answered as by new. */
class NewShapeWriteIT {
  private static Pair pair;
  private static Sidecar sidecar;
  private WireClient through;
  private WireClient direct;

  @BeforeAll
  static void start() throws Exception {
    pair = new Pair();
    pair.target.executeIn(
        "shop2", "ALTER TABLE contacts ADD FOREIGN KEY (person_id) REFERENCES people");
    sidecar = pair.sidecar("OFF", "0%", "random");
  }

  @AfterAll
  static void stop() throws Exception {
    sidecar.close();
    pair.close();
  }

  @BeforeEach
  void connect() throws Exception {
    through = NewShapeClients.through(sidecar);
    direct = NewShapeClients.direct(pair);
  }

  @AfterEach
  void disconnect() throws Exception {
    through.close();
    direct.close();
  }

  private void same(byte[]... messages) throws Exception {
    List<Frame> expected = direct.exchange(messages);
    assertThat(NewShapeClients.essence(through.exchange(messages)))
        .isEqualTo(NewShapeClients.essence(expected));
  }

  private static Parameter text(String value) {
    return Parameter.text(value);
  }

  private void sameRows() throws Exception {
    same(query("SELECT * FROM people ORDER BY id"));
    same(query("SELECT * FROM contacts ORDER BY person_id"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE people SET given_name = 'Anna' WHERE id = 3",
        "UPDATE people SET family_name = 'Xu' WHERE id IN (5, 6) RETURNING id, given_name",
        "BEGIN; UPDATE people SET given_name = 'Bo' WHERE id = 4; COMMIT",
        "UPDATE people SET given_name = 'Cy' WHERE id = 8; SELECT given_name FROM people WHERE id ="
            + " 8; UPDATE people SET given_name = 'Di' WHERE id = 9",
        "BEGIN; UPDATE people SET given_name = 'Nobody' WHERE id = 4; ROLLBACK",
        "UPDATE people SET given_name = 'Ed' WHERE id = 4; SELECT 1 / 0",
        "UPDATE people SET given_name = 'Flo' WHERE id = -1",
        "UPDATE people SET nope = 1",
        "UPDATE people SET given_name = 1 / 0 WHERE id = 3",
        "UPDATE contacts SET email = 'new@example.org' WHERE person_id = 11",
        "SELECT id, given_name FROM people WHERE id = 12 FOR UPDATE",
        "INSERT INTO people VALUES (9001, 'Zed', 'Zulu', NULL, '2024-01-01 00:00:00Z') RETURNING"
            + " *",
        "INSERT INTO people (id, given_name, created_at) VALUES (9002, 'Yan', '2024-01-01Z'),"
            + " (9003, 'Xia', '2024-01-02Z')",
        "INSERT INTO people (id, given_name, created_at) VALUES (50, 'Wim', '2024-01-01Z') ON"
            + " CONFLICT (id) DO UPDATE SET given_name = excluded.given_name",
        "INSERT INTO people (id, given_name, created_at) VALUES (50, 'No', '2024-01-01Z') ON"
            + " CONFLICT DO NOTHING",
        "DELETE FROM contacts WHERE person_id = 13",
        "DELETE FROM contacts WHERE person_id = 14 RETURNING email"
      })
  void simpleWritesAreAnsweredAsByNew(String sql) throws Exception {
    same(query(sql));
    if (direct.query("SELECT 1").getLast().status() != 'I') {
      through.query("ROLLBACK");
      direct.query("ROLLBACK");
    } else {
      through.query("SELECT 1");
    }
    sameRows();
  }

  @Test
  void aConstraintOfOldHasTheSameSqlState() throws Exception {
    String sql =
        "INSERT INTO people (id, given_name, created_at) VALUES (50, 'Dup', '2024-01-01Z')";
    Frame expected = direct.query(sql).getFirst();
    Frame error = through.query(sql).getFirst();
    assertThat(error.sqlState()).isEqualTo(expected.sqlState()).isEqualTo("23505");
    assertThat(error.fields().get('D')).isEqualTo(expected.fields().get('D'));
    assertThat(error.fields()).doesNotContainKeys('s', 't', 'n');
  }

  @Test
  void rowsAreCopiedIn() throws Exception {
    byte[] start = query("COPY people (id, given_name, created_at) FROM STDIN");
    byte[] rows = copyData("9101\tUma\t2024-01-01Z\n9102\tTim\t2024-01-02Z\n");
    List<Frame> expected = direct.send(start).readUntil("G");
    assertThat(through.send(start).readUntil("G")).isEqualTo(expected);
    same(rows, copyDone());
    sameRows();
    through.send(start).readUntil("G");
    direct.send(start).readUntil("G");
    same(copyFail("no more"));
    through.send(start).readUntil("G");
    assertThat(through.exchange(copyData("no number\tUma\t2024-01-01Z\n"), copyDone()))
        .first()
        .satisfies(frame -> assertThat(frame.sqlState()).isEqualTo("22P02"));
    same(query("SELECT count(*) FROM people"));
  }

  @Test
  void preparedWritesAreAnsweredAsByNew() throws Exception {
    same(
        parse("u", "UPDATE people SET given_name = $1 WHERE id = $2"),
        describeStatement("u"),
        bind("", "u", text("Carl"), text("20")),
        describePortal(""),
        execute("", 1),
        bind("", "u", text("Dora"), text("21")),
        execute("", 0),
        sync());
    same(
        bind("a", "u", text("Emil"), text("22")),
        bind("b", "u", text("Fred"), text("23")),
        execute("a", 0),
        execute("b", 0),
        sync());
    same(closeStatement("u"), sync());
    same(bind("", "u", text("Gone"), text("23")), execute("", 0), sync());
    same(
        parse("", "UPDATE people SET given_name = $1 WHERE id < $2 RETURNING id"),
        bind("", "", text("Eva"), text("4")),
        describePortal(""),
        execute("", 0),
        sync());
    sameRows();
  }

  @Test
  void aBatchThatFailsLeavesNothing() throws Exception {
    same(
        parse("u", "UPDATE people SET given_name = $1 WHERE id = $2"),
        bind("", "u", text("Hans"), text("30")),
        execute("", 0),
        bind("", "u", text("Ida"), text("no number")),
        execute("", 0),
        sync());
    sameRows();
    same(bind("", "u", text("Jan"), text("30")), execute("", 0), sync());
    sameRows();
  }

  @Test
  void aTransactionSeesItsOwnWrites() throws Exception {
    for (String sql :
        List.of(
            "BEGIN",
            "UPDATE people SET given_name = 'Kim' WHERE id = 40",
            "SELECT given_name FROM people WHERE id = 40",
            "SAVEPOINT s",
            "UPDATE people SET given_name = 'Lea' WHERE id = 40",
            "ROLLBACK TO s",
            "SELECT given_name FROM people WHERE id = 40",
            "COMMIT",
            "BEGIN READ ONLY",
            "SELECT given_name FROM people WHERE id = 40",
            "COMMIT")) {
      same(query(sql));
    }
    sameRows();
  }

  /** Old has one table for both, and no foreign key. */
  @Test
  void aForeignKeyThatOnlyNewHasIsKept() throws Exception {
    for (String sql :
        List.of(
            "INSERT INTO contacts VALUES (-77, 'nobody@example.org')",
            "DELETE FROM people WHERE id = 16")) {
      Frame expected = direct.query(sql).getFirst();
      Frame error = through.query(sql).getFirst();
      assertThat(error.sqlState()).isEqualTo(expected.sqlState()).isEqualTo("23503");
      assertThat(error.fields().get('M')).isEqualTo(expected.fields().get('M'));
    }
    same(query("DELETE FROM contacts WHERE person_id = 16"));
    same(query("DELETE FROM people WHERE id = 16"));
    sameRows();
  }
}
