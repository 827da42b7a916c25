package dev.crossfade.sidecar;

import static dev.crossfade.sidecar.MarkedPair.OF_OLD;
import static dev.crossfade.sidecar.MarkedPair.READ;
import static dev.crossfade.sidecar.MarkedPair.answer;
import static dev.crossfade.sidecar.MarkedPair.awaitNew;
import static dev.crossfade.sidecar.MarkedPair.client;
import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.testkit.wire.WireClient;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values that are the server's, the session's or the moment's are old's, whatever else is read. */
class ServerStateIT {
  /** Long enough for a plan to be made, after which new would answer. */
  private static final Duration WATCHED = Duration.ofMillis(200);

  private static MarkedPair pair;
  private static Sidecar ramp;
  private static WireClient client;

  @BeforeAll
  static void start() throws Exception {
    pair = new MarkedPair();
    ramp = pair.ramp();
    client = client(ramp);
    awaitNew(ramp, client);
  }

  @AfterAll
  static void stop() throws Exception {
    client.close();
    ramp.close();
    pair.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "now()",
        "current_timestamp",
        "current_timestamp(3)",
        "localtimestamp",
        "current_date",
        "current_time",
        "localtime",
        "transaction_timestamp()",
        "statement_timestamp()",
        "clock_timestamp()",
        "timeofday()",
        "age(created_at)",
        "'now'::timestamptz",
        "timestamptz 'today'",
        "cast('tomorrow' as date)",
        "random()",
        "gen_random_uuid()",
        "current_user",
        "session_user",
        "current_role",
        "current_catalog",
        "current_database()",
        "current_schema",
        "current_schemas(true)",
        "current_setting('port')",
        "version()",
        "pg_backend_pid()",
        "inet_server_port()",
        "pg_current_xact_id()",
        "pg_current_wal_lsn()",
        "pg_postmaster_start_time()",
        "nextval('audit_id_seq')",
        "pg_try_advisory_lock(1)",
        "'customers'::regclass::oid",
        "tableoid",
        "ctid",
        "xmin",
        "pg_typeof(customers)"
      })
  void aReadOfItStaysWithOld(String value) throws IOException {
    String sql = "SELECT full_name, " + value + " FROM customers WHERE id = 17";
    long end = System.nanoTime() + WATCHED.toNanos();
    while (System.nanoTime() < end) {
      assertThat(answer(client.query(sql))).isEqualTo(OF_OLD);
    }
  }

  @Test
  void allElseIsReadFromNew() throws IOException {
    long before = MarkedPair.onNew(ramp);
    assertThat(answer(client.query(READ))).isEqualTo(MarkedPair.OF_NEW);
    assertThat(MarkedPair.onNew(ramp)).isEqualTo(before + 1);
  }
}
