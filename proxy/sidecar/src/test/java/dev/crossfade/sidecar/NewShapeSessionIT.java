package dev.crossfade.sidecar;

import static dev.crossfade.testkit.wire.Messages.bind;
import static dev.crossfade.testkit.wire.Messages.describeStatement;
import static dev.crossfade.testkit.wire.Messages.execute;
import static dev.crossfade.testkit.wire.Messages.parse;
import static dev.crossfade.testkit.wire.Messages.query;
import static dev.crossfade.testkit.wire.Messages.sync;
import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.api.v1.Stage;
import dev.crossfade.testkit.process.Await;
import dev.crossfade.testkit.wire.Frame;
import dev.crossfade.testkit.wire.Messages;
import dev.crossfade.testkit.wire.WireClient;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a session comes to speak the new shape, and what it is told where it can not. */
class NewShapeSessionIT {
  private static Pair pair;
  private static Sidecar sidecar;

  @BeforeAll
  static void start() throws Exception {
    pair = new Pair();
    sidecar = pair.sidecar("RAMP", "100%", "random", CommandsIT.ENABLED);
  }

  @AfterAll
  static void stop() throws Exception {
    sidecar.close();
    pair.close();
  }

  private static List<Frame> login(WireClient client, String... parameters) throws Exception {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("user", Pair.USER);
    all.put("database", "shop");
    for (int i = 0; i < parameters.length; i += 2) {
      all.put(parameters[i], parameters[i + 1]);
    }
    return client.login(all, Pair.PASSWORD);
  }

  private static WireClient connect() throws Exception {
    return WireClient.connect("127.0.0.1", sidecar.address().getPort());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "options=-c crossfade.shape=new",
        "options=-ccrossfade.shape=NEW -c work_mem=1MB",
        "options=--crossfade.shape=new",
        "options=-c crossfade.shape=old --Crossfade.Shape=new",
        "crossfade.shape=new"
      })
  void theStartUpSaysWhichShape(String parameter) throws Exception {
    int equals = parameter.indexOf('=');
    try (WireClient client = connect()) {
      login(client, parameter.substring(0, equals), parameter.substring(equals + 1));
      List<Frame> answer = client.query("SELECT given_name FROM people WHERE id = 2");
      assertThat(answer.get(1).toString()).isEqualTo("D 'Given2'");
      assertThat(Pair.queries(sidecar, "NEW_SHAPE")).isPositive();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"newer", "1", "new,old"})
  void anotherValueIsRefusedAtLogin(String value) throws Exception {
    try (WireClient client = connect()) {
      Frame refusal = login(client, "options", "-c crossfade.shape=" + value).getLast();
      assertThat(refusal.fields())
          .containsEntry('S', "FATAL")
          .containsEntry('C', "22023")
          .containsEntry(
              'M',
              "invalid value for parameter \"crossfade.shape\": \""
                  + value
                  + "\" (it is old or new)");
      assertThat(client.readUntilClosed()).isEmpty();
    }
  }

  @Test
  void theOldShapeIsSpokenUnlessTold() throws Exception {
    try (WireClient client = connect()) {
      login(client, "options", "-c crossfade.shape=old");
      assertThat(client.query("SELECT id FROM people").getFirst().sqlState()).isEqualTo("42P01");
    }
  }

  @Test
  void theShapeCannotBeSetLater() throws Exception {
    try (WireClient client = NewShapeClients.through(sidecar)) {
      Frame error = client.query("SET crossfade.shape TO old").getFirst();
      assertThat(error.sqlState()).isEqualTo("55P02");
      assertThat(client.query("SELECT id FROM people WHERE id = 1").get(1).text(0)).isEqualTo("1");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT ctid FROM people | SYSTEM_COLUMN: ctid | 8",
        "SELECT 'ä', xmin FROM people | SYSTEM_COLUMN: xmin | 13",
        "SELECT id FROM people TABLESAMPLE system (1) | TABLESAMPLE: people | 16",
        "SELECT * INTO other FROM people | SELECT_INTO: INTO | 10",
        "CREATE INDEX ON people (given_name) | NOT_A_READ: CREATE | 1",
        "EXPLAIN DELETE FROM people | NOT_A_READ: DELETE | 9",
        "SELECT 1; LOCK TABLE people | NOT_A_READ: LOCK | 11",
        "DO $$ BEGIN PERFORM 1 FROM people; END $$ | NOT_A_READ: DO | 1",
        "SELECT has_table_privilege('people', 'SELECT') FROM contacts | SERVER_DEPENDENT:"
            + " has_table_privilege() | 8"
      })
  void whatCannotBeTranslatedIsRefusedInItsPlace(String example) throws Exception {
    String[] parts = example.split(" \\| ");
    try (WireClient client = NewShapeClients.through(sidecar)) {
      List<Frame> frames = client.query(parts[0]);
      Frame error = frames.get(frames.size() - 2);
      assertRefused(error, parts[1]);
      assertThat(error.fields()).containsEntry('P', parts[2]);
      if (!parts[0].contains("; L")) {
        frames =
            client.exchange(
                parse("s", parts[0]),
                describeStatement("s"),
                bind("", "s"),
                execute("", 0),
                sync());
        assertThat(frames).hasSize(2);
        assertRefused(frames.getFirst(), parts[1]);
      }
      client.query("BEGIN");
      assertThat(client.query(parts[0]).getLast().status()).isEqualTo('E');
      assertThat(client.query("SELECT id FROM people").getFirst().sqlState()).isEqualTo("25P02");
      assertThat(client.query(parts[0]).getFirst().sqlState()).isEqualTo("25P02");
      assertThat(client.query("ROLLBACK").getLast().status()).isEqualTo('I');
    }
  }

  @Test
  void theSidecarTellsOfIt() throws Exception {
    try (WireClient client = NewShapeClients.through(sidecar)) {
      String explained =
          client.query("EXPLAIN CROSSFADE SELECT id FROM people WHERE id = 1").toString();
      assertThat(explained)
          .contains(
              "'side' 'old'", "'reason' 'NEW_SHAPE'", "'shape' 'new'", "'translated' 'SELECT");
      explained = client.query("EXPLAIN CROSSFADE SELECT ctid FROM people").toString();
      assertThat(explained).contains("'refused' 'SYSTEM_COLUMN: ctid'");
      List<Frame> clients = client.query("SHOW CROSSFADE.CLIENTS");
      assertThat(clients.get(clients.size() - 3).text(10)).isEqualTo("new");
    }
  }

  private static void assertRefused(Frame error, String detail) {
    assertThat(error.fields())
        .containsEntry('C', "0A000")
        .containsEntry('D', detail)
        .containsEntry(
            'M',
            "the statement cannot be translated to the shape of the side that is the authority");
  }

  @Test
  void aSearchPathOfItsOwnAsksForQualifiedNames() throws Exception {
    try (WireClient client = NewShapeClients.through(sidecar)) {
      client.query("SET search_path TO \"$user\", public");
      assertThat(client.query("SELECT id FROM people WHERE id = 1").get(1).text(0)).isEqualTo("1");
      client.query("SET search_path TO pg_temp, public");
      Frame error = client.query("SELECT id FROM people WHERE id = 1").getFirst();
      assertThat(error.fields().get('D')).startsWith("SEARCH_PATH: ");
      assertThat(client.query("SELECT id FROM public.people WHERE id = 1").get(1).text(0))
          .isEqualTo("1");
    }
  }

  @Test
  void aTextOverTheLimitIsRefused() throws Exception {
    try (WireClient client = NewShapeClients.through(sidecar)) {
      String large = "SELECT '" + "x".repeat(300 << 10) + "'";
      assertThat(client.query(large).getFirst().fields().get('D')).startsWith("TOO_LARGE: ");
      List<Frame> frames = client.exchange(parse("", large), bind("", ""), execute("", 0), sync());
      assertThat(frames.getFirst().fields().get('D')).startsWith("TOO_LARGE: ");
      assertThat(client.query("SELECT 1").get(1).text(0)).isEqualTo("1");
    }
  }

  @Test
  void preparedStatementsFollowTheirMigration() throws Exception {
    String shouting =
        Pair.LENS.replace("split_part(full_name, ' ', 1)", "upper(split_part(full_name, ' ', 1))");
    try (SteeredSidecar steered = SteeredSidecar.start(pair)) {
      steered.use(Pair.LENS, Stage.STAGE_OFF);
      try (WireClient client = NewShapeClients.through(steered.sidecar)) {
        byte[] named = Messages.join(bind("", "s"), execute("", 0), sync());
        byte[] unnamed = Messages.join(bind("", ""), execute("", 0), sync());
        String sql = "SELECT given_name FROM people WHERE id = 300";
        client.exchange(parse("s", sql), parse("", sql), sync());
        client.query("PREPARE p AS " + sql);
        client.exchange(parse("", sql), sync());
        assertThat(client.exchange(named).get(1).text(0)).isEqualTo("Given300");
        steered.use(shouting, Stage.STAGE_OFF);
        assertThat(client.exchange(named).toString())
            .isEqualTo("[2, D 'GIVEN300', C SELECT 1, Z I]");
        assertThat(client.exchange(unnamed).toString())
            .isEqualTo("[2, D 'GIVEN300', C SELECT 1, Z I]");
        assertThat(client.query("EXECUTE p").getFirst().fields().get('D'))
            .startsWith("LENS_CHANGED: ");
        client.query("BEGIN");
        client.query("SELECT 1 / 0");
        steered.use(Pair.LENS, Stage.STAGE_OFF);
        assertThat(client.exchange(named).getFirst().sqlState()).isEqualTo("25P02");
        client.query("ROLLBACK");
        assertThat(client.exchange(named).get(1).text(0)).isEqualTo("Given300");
      }
    }
  }

  @Test
  void tablesOfAMigrationThatIsNotInForceAreNotTakenForOthers() throws Exception {
    try (SteeredSidecar steered = SteeredSidecar.start(pair);
        WireClient waiting = NewShapeClients.through(steered.sidecar)) {
      waiting.send(query("SELECT given_name FROM people WHERE id = 301"));
      steered.use(Pair.LENS, Stage.STAGE_OFF);
      assertThat(waiting.readUntilReady().get(1).text(0)).isEqualTo("Given301");
      steered.offer(Pair.LENS.replace("coalesce(", "no_such("), Stage.STAGE_OFF);
      assertThat(waiting.query("SELECT given_name FROM people").getFirst().fields().get('D'))
          .startsWith("NOT_IN_FORCE: ");
    }
  }

  @Test
  void whatWaitsForItsTranslationCanBeCancelled() throws Exception {
    try (SteeredSidecar steered = SteeredSidecar.start(pair);
        WireClient waiting = NewShapeClients.through(steered.sidecar)) {
      waiting.send(query("SELECT given_name FROM people WHERE id = 301"));
      FutureTask<List<Frame>> answer = new FutureTask<>(waiting::readUntilReady);
      Thread.ofVirtual().start(answer);
      // As with a server, one that comes before the query is in vain.
      Await.until(
          "it is cancelled",
          () -> {
            WireClient.connect("127.0.0.1", steered.sidecar.address().getPort())
                .send(Messages.cancel(waiting.key()))
                .close();
            return answer.isDone();
          });
      List<Frame> frames = answer.get();
      assertThat(frames.getFirst().sqlState()).isEqualTo("57014");
      steered.use(Pair.LENS, Stage.STAGE_OFF);
      assertThat(waiting.query("SELECT id FROM people WHERE id = 1").get(1).text(0)).isEqualTo("1");
    }
  }

  @Test
  void whoseTranslationDoesNotComeIsToldSo() throws Exception {
    try (SteeredSidecar steered = SteeredSidecar.start(pair);
        WireClient waiting = NewShapeClients.through(steered.sidecar)) {
      List<Frame> frames = waiting.query("SELECT given_name FROM people WHERE id = 301");
      assertThat(frames.getFirst().sqlState()).isEqualTo("58000");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"simple", "extended", "extendedForPrepared", "extendedCacheEverything"})
  void theDriverSpeaksTheNewShape(String mode) throws Exception {
    try (Connection through =
            Pair.connect(
                sidecar,
                "options",
                NewShapeClients.OPTION,
                "preferQueryMode",
                mode,
                "prepareThreshold",
                "2");
        Connection direct = pair.target.connect("shop2", Pair.USER, Pair.PASSWORD)) {
      for (int id = 100; id < 106; id++) {
        assertThat(person(through, id)).isEqualTo(person(direct, id));
      }
      through.setAutoCommit(false);
      try (PreparedStatement update =
          through.prepareStatement("UPDATE people SET family_name = ? WHERE id = ?")) {
        for (int id = 100; id < 106; id++) {
          update.setString(1, mode);
          update.setLong(2, id);
          update.addBatch();
        }
        assertThat(update.executeBatch()).containsOnly(1);
      }
      assertThat(person(through, 104)).contains("text=" + mode);
      through.rollback();
      assertThat(person(through, 104)).isEqualTo(person(direct, 104));
    }
  }

  private static List<String> person(Connection connection, long id) throws Exception {
    List<String> found = new ArrayList<>();
    try (PreparedStatement read =
        connection.prepareStatement(
            "SELECT p.*, c.email FROM people p LEFT JOIN contacts c ON c.person_id = p.id WHERE"
                + " p.id = ?")) {
      read.setLong(1, id);
      try (ResultSet rows = read.executeQuery()) {
        while (rows.next()) {
          for (int column = 1; column <= rows.getMetaData().getColumnCount(); column++) {
            found.add(rows.getMetaData().getColumnTypeName(column) + '=' + rows.getString(column));
          }
        }
      }
    }
    return found;
  }

  @Test
  void whoLogsInToTheSidecarSpeaksItToo() throws Exception {
    try (TerminatedPair terminated = new TerminatedPair();
        Sidecar own = terminated.sidecar();
        WireClient client = terminated.secure(own)) {
      client.login(
          Map.of("user", "app", "database", "shop", "options", NewShapeClients.OPTION),
          TerminatedPair.PASSWORD);
      assertThat(client.query("SELECT given_name FROM people WHERE id = 2").get(1).text(0))
          .isEqualTo("Given2");
    }
  }

  @Test
  void psqlPrintsTheSameAsOnNew() throws Exception {
    String[] script = {
      "SELECT * FROM people WHERE id IN (7, 9) ORDER BY id",
      "\\copy (SELECT person_id FROM contacts WHERE person_id < 4) TO STDOUT",
      "SELECT nope FROM contacts",
      "SELECT given_name FROM people WHERE id = 3 \\gdesc",
      "\\set FETCH_COUNT 3\nSELECT id FROM people WHERE id < 9 ORDER BY id"
    };
    assertThat(
            psql(
                "host=127.0.0.1 port="
                    + sidecar.address().getPort()
                    + " dbname=shop options='"
                    + NewShapeClients.OPTION
                    + "'",
                script))
        .isEqualTo(
            psql(
                "host=" + pair.target.host() + " port=" + pair.target.port() + " dbname=shop2",
                script))
        .contains("Given7")
        .contains("does not exist");
  }

  private static String psql(String connection, String... script) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
                Tools.require("psql"), "-X", "-d", connection + " user=" + Pair.USER, "-f", "-")
            .redirectErrorStream(true);
    builder.environment().put("PGPASSWORD", Pair.PASSWORD);
    Process process = builder.start();
    try (var input = process.outputWriter(StandardCharsets.UTF_8)) {
      input.write(String.join(";\n", Arrays.asList(script)).replace("STDOUT;", "STDOUT") + ";\n");
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return output;
  }
}
