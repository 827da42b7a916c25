package dev.crossfade.sidecar;

import static dev.crossfade.testkit.wire.Messages.bind;
import static dev.crossfade.testkit.wire.Messages.closeStatement;
import static dev.crossfade.testkit.wire.Messages.describePortal;
import static dev.crossfade.testkit.wire.Messages.describeStatement;
import static dev.crossfade.testkit.wire.Messages.execute;
import static dev.crossfade.testkit.wire.Messages.flush;
import static dev.crossfade.testkit.wire.Messages.parse;
import static dev.crossfade.testkit.wire.Messages.query;
import static dev.crossfade.testkit.wire.Messages.sync;
import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.testkit.wire.Frame;
import dev.crossfade.testkit.wire.Messages;
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

/**
 * A session that speaks the new shape gets from old what a database of the new shape with the same
 * facts answers, frame by frame.
 */
class NewShapeReadIT {
  private static Pair pair;
  private static Sidecar sidecar;
  private WireClient through;
  private WireClient direct;

  @BeforeAll
  static void start() throws Exception {
    pair = new Pair();
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

  private void sameUpTo(String types, byte[]... messages) throws Exception {
    List<Frame> expected = direct.send(messages).readUntil(types);
    assertThat(NewShapeClients.essence(through.send(messages).readUntil(types)))
        .isEqualTo(NewShapeClients.essence(expected));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM people WHERE id = 17",
        "select p.given_name, c.email from people p join contacts c on c.person_id = p.id where"
            + " p.id < 9 order by p.id",
        "SELECT count(*), sum(balance), min(created_at) FROM public.people",
        "WITH few AS (SELECT * FROM \"people\" WHERE id < 4) SELECT f.*, 'it''s' FROM few f ORDER"
            + " BY id DESC",
        "TABLE contacts ORDER BY person_id LIMIT 3",
        "SELECT email FROM contacts WHERE person_id = -1",
        "SELECT /* people */ upper(family_name) || '!', balance::text FROM people ORDER BY id LIMIT"
            + " 3 OFFSET 5",
        "SELECT exists (SELECT FROM people WHERE created_at > now() + interval '90 years')",
        "SELECT id FROM people WHERE given_name = 'Given4' AND random() < 2",
        "SELECT 1 AS people",
        "SELECT 1; SELECT id FROM people WHERE id = 2; ;SELECT given_name FROM people WHERE id ="
            + " 3;",
        "BEGIN; SELECT id FROM people WHERE id = 2; COMMIT",
        "",
        ";"
      })
  void simpleQueriesAreAnsweredAsByNew(String sql) throws Exception {
    same(query(sql));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM people WHERE id = 17",
        "SELECT p.*, c.email FROM people p LEFT JOIN contacts c ON c.person_id = p.id ORDER BY 1"
            + " LIMIT 9",
        "SELECT given_name FROM people WHERE family_name IS NULL AND id < 22",
        "SELECT 'people'"
      })
  void extendedBatchesAreAnsweredAsByNew(String sql) throws Exception {
    same(
        parse("s", sql),
        describeStatement("s"),
        bind("", "s"),
        describePortal(""),
        execute("", 0),
        sync());
    same(bind("p", "s"), execute("p", 2), execute("p", 0), closeStatement("s"), sync());
    same(parse("", sql), bind("", ""), describePortal(""), execute("", 0), sync());
  }

  @Test
  void parametersHaveTheTypesThatNewGivesThem() throws Exception {
    same(
        parse("s", "SELECT id, given_name || $2 FROM people WHERE id = $1 AND balance > $3"),
        describeStatement("s"),
        bind("", "s", text("21"), text("!"), text("0.5")),
        execute("", 0),
        sync());
    same(parse("fixed", "SELECT $1 FROM people LIMIT 1", 23), describeStatement("fixed"), sync());
    same(bind("", "fixed", text("7")), execute("", 0), sync());
  }

  private static Parameter text(String value) {
    return Parameter.text(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT nope FROM people",
        "SELECT id FROM people WHERE id = 'seven'",
        "SELECT id FROM people WHERE id = 'eight' AND given_name = 'ä'",
        "SELEC * FROM people",
        "SELECT FROM WHERE people",
        "SELECT 1; SELECT id, nope FROM people; SELECT 2",
        "SELECT 1 / (id - 3) FROM people WHERE id = 3",
        "SELECT * FROM people p, no_such_table t",
        "SELECT no_such_function(id) FROM people"
      })
  void mistakesAreThoseOfTheNewShape(String sql) throws Exception {
    for (int i = 0; i < 2; i++) {
      same(query(sql));
      same(query("SELECT id FROM people WHERE id = '7'"));
      if (!sql.contains(";")) {
        same(parse("s", sql), describeStatement("s"), bind("", "s"), execute("", 0), sync());
        same(closeStatement("s"), sync());
      }
    }
  }

  @Test
  void errorsSkipTheRestOfTheirBatchAndFailTheirTransaction() throws Exception {
    same(query("BEGIN"));
    same(
        parse("a", "SELECT id FROM people WHERE id = 1"),
        parse("b", "SELECT nope FROM people"),
        bind("", "a"),
        execute("", 0),
        sync());
    same(query("SELECT id FROM people WHERE id = 1"));
    same(bind("", "a"), execute("", 0), sync());
    same(query("ROLLBACK"));
    same(bind("", "a"), execute("", 0), sync());
    same(bind("", "b"), execute("", 0), sync());
    same(
        parse("", "SELECT 1 / (id - 3) FROM people WHERE id = 3"),
        bind("", ""),
        execute("", 0),
        parse("late", "SELECT id FROM people WHERE id = 3"),
        sync(),
        bind("", "late"),
        sync());
    direct.readUntilReady();
    assertThat(through.readUntilReady().getFirst().sqlState()).isEqualTo("26000");
  }

  @Test
  void cursorsAndPreparedStatementsOfSqlWork() throws Exception {
    for (String sql :
        List.of(
            "BEGIN",
            "DECLARE c SCROLL CURSOR FOR SELECT id, given_name FROM people ORDER BY id",
            "FETCH 2 FROM c",
            "MOVE 5 IN c",
            "FETCH BACKWARD 1 FROM c",
            "CLOSE c",
            "PREPARE p (bigint) AS SELECT id, family_name FROM people WHERE id = $1",
            "EXECUTE p (9)",
            "PREPARE q AS SELECT balance FROM people WHERE id = $1",
            "EXECUTE q (3)",
            "DEALLOCATE p",
            "SAVEPOINT people",
            "ROLLBACK TO people",
            "COMMIT")) {
      same(query(sql));
    }
  }

  @Test
  void copiesOutAreThoseOfNew() throws Exception {
    same(query("COPY (SELECT id, given_name FROM people WHERE id < 4 ORDER BY id) TO STDOUT"));
    same(query("COPY contacts (person_id) TO STDOUT WITH (FORMAT csv, HEADER)"));
    same(query("COPY public.contacts TO STDOUT"));
    same(query("COPY (SELECT nope FROM people) TO STDOUT"));
  }

  @Test
  void explainTellsHowOldReadsIt() throws Exception {
    List<Frame> plan = through.query("EXPLAIN (COSTS OFF) SELECT * FROM people WHERE id = 3");
    assertThat(plan.toString()).contains("customers_pkey").contains("C EXPLAIN");
  }

  @Test
  void whatNamesNoNewTableGoesOnAsItCame() throws Exception {
    assertThat(through.query("SELECT count(*) FROM customers").get(1).text(0))
        .isEqualTo(Integer.toString(Pair.CUSTOMERS));
    List<Frame> mixed =
        through.query(
            "SELECT p.id, a.note FROM people p LEFT JOIN audit a ON a.id = p.id WHERE p.id = 1");
    assertThat(mixed.get(1).toString()).isEqualTo("D '1' NULL");
    assertThat(through.query("SHOW crossfade.status").getLast().status()).isEqualTo('I');
    assertThat(through.query("SELECT current_setting('crossfade.shape')").get(1).text(0))
        .isEqualTo("new");
  }

  @Test
  void framesMayComeInAnyPieces() throws Exception {
    byte[] all =
        Messages.join(
            parse("s", "SELECT id, given_name FROM people WHERE id = $1"),
            describeStatement("s"),
            bind("", "s", text("4")),
            execute("", 0),
            sync(),
            query("SELECT id FROM people WHERE id = 5"));
    for (byte b : all) {
      through.send(new byte[] {b});
    }
    direct.send(all);
    for (int i = 0; i < 2; i++) {
      assertThat(NewShapeClients.essence(through.readUntilReady()))
          .isEqualTo(NewShapeClients.essence(direct.readUntilReady()));
    }
  }

  @Test
  void pipelinedBatchesKeepTheirOrder() throws Exception {
    byte[] all =
        Messages.join(
            query("SELECT 1"),
            parse("", "SELECT email FROM contacts WHERE person_id = 2"),
            bind("", ""),
            execute("", 0),
            sync(),
            query("SELECT bad FROM contacts"),
            query("SELECT person_id FROM contacts WHERE person_id = 4"),
            sync());
    through.send(all);
    direct.send(all);
    for (int i = 0; i < 5; i++) {
      assertThat(NewShapeClients.essence(through.readUntilReady()))
          .isEqualTo(NewShapeClients.essence(direct.readUntilReady()));
    }
  }

  @Test
  void aFlushedBatchIsAnsweredInParts() throws Exception {
    sameUpTo("T", parse("", "SELECT id FROM people"), describeStatement(""), flush());
    sameUpTo("s", bind("", ""), execute("", 3), flush());
    sameUpTo("E", parse("", "SELECT nope FROM people"), flush());
    same(bind("", ""), execute("", 0), sync());
    same(query("SELECT id FROM people WHERE id = 1"));
  }
}
