package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.testkit.wire.Frame;
import dev.crossfade.testkit.wire.FrameText;
import dev.crossfade.testkit.wire.Messages;
import dev.crossfade.testkit.wire.WireClient;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Reads whose translation only the servers can judge: where they go, and that they are the same.
 */
class TranslatedReadIT {
  private static Pair pair;
  private static Sidecar sidecar;

  @BeforeAll
  static void start() throws Exception {
    pair = new Pair();
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
        "SELECT count(c), count(c.*) FROM customers c",
        "SELECT row_to_json(c) FROM customers c WHERE id < 9 ORDER BY id",
        "SELECT to_jsonb(customers) - 'email' FROM customers WHERE id = 35",
        "SELECT c::text, c IS NULL, c IS NOT NULL FROM customers c WHERE id IN (5, 7) ORDER BY c",
        "SELECT a.id, b IS NULL, count(b) OVER () FROM customers a LEFT JOIN customers b"
            + " ON b.id = a.id + 498 WHERE a.id < 5 ORDER BY 1",
        "SELECT (c).email, (c).id FROM customers c WHERE id = 3",
        "SELECT x.d::text, (x.d).email FROM (SELECT c AS d FROM customers c WHERE id = 4) AS x",
        "SELECT count(DISTINCT a) FROM customers a JOIN customers b ON a = b WHERE a.id < 30",
        "SELECT public.customers.email, customers.id, public.customers.* FROM customers"
            + " WHERE public.customers.id = 11",
        "SELECT id, full_name, count(*) FROM customers GROUP BY id ORDER BY balance_cents LIMIT 3",
        "SELECT c.* FROM customers c JOIN customers d ON d.id = c.id + 1 WHERE c.id < 4"
            + " GROUP BY c.id ORDER BY c.id",
        "SELECT j.id FROM customers a JOIN customers b USING (id) AS j WHERE j.id = 9",
        "SELECT id FROM customers WHERE email LIKE '%now%' OR full_name = 'today' OR id = 3",
        "SELECT 'now' || id FROM customers WHERE id = 3",
        "SELECT CASE WHEN id > 3 THEN 'today' ELSE 'tomorrow' END FROM customers WHERE id = 3"
      })
  void newAnswersAsOldDoes(String sql) throws Exception {
    try (WireClient through = MarkedPair.client(sidecar);
        WireClient direct = direct()) {
      assertThat(explain(through, sql)).containsEntry("side", "new");
      long before = MarkedPair.onNew(sidecar);
      for (List<Integer> formats : List.of(List.<Integer>of(), List.of(1))) {
        assertThat(answer(through, sql, formats)).isEqualTo(answer(direct, sql, formats));
      }
      assertThat(MarkedPair.onNew(sidecar)).isEqualTo(before + 2);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '#',
      value = {
        "SELECT c FROM customers c WHERE id = 3|TYPES_DIFFER",
        "SELECT array_agg(c) FROM customers c WHERE id = 3|TYPES_DIFFER",
        "SELECT ROW(c, 1) FROM customers c WHERE id = 3|WHOLE_ROW",
        "SELECT ARRAY[ROW(c)] FROM customers c WHERE id = 3|WHOLE_ROW",
        "SELECT s FROM (SELECT c, 1 FROM customers c WHERE id = 3) AS s|WHOLE_ROW",
        "SELECT row_to_json(c) FROM customers c (a, b) WHERE a = 3|WHOLE_ROW",
        "SELECT id FROM customers WHERE created_at < 'now' AND id = 3|CLOCK",
        "SELECT id FROM customers WHERE id = 3 AND created_at < '2020-01-01'::timestamptz + 'now' -"
            + " 'now'|CLOCK",
        "SELECT id FROM customers WHERE created_at = ANY ('{now}')|CLOCK",
        "SELECT created_at FROM customers WHERE id = 3 UNION ALL SELECT 'now'|CLOCK",
        "SELECT created_at - 'today' FROM customers WHERE id = 3|CLOCK",
        "SELECT coalesce(NULL, created_at, 'tomorrow') FROM customers WHERE id = 3|CLOCK",
        "SELECT id, email FROM customers GROUP BY full_name|OLD_REFUSED"
      })
  void whatWouldNotBeTheSameStaysOnOld(String sql, String reason) throws Exception {
    try (WireClient through = MarkedPair.client(sidecar);
        WireClient direct = direct()) {
      Map<String, String> told = explain(through, sql);
      assertThat(told).containsEntry("side", "old").containsEntry("refused", reason);
      if (!reason.equals("CLOCK")) {
        assertThat(answer(through, sql, List.of(1))).isEqualTo(answer(direct, sql, List.of(1)));
      }
    }
  }

  private static WireClient direct() throws IOException {
    WireClient client = WireClient.connect(pair.old.host(), pair.old.port());
    client.login("shop", Pair.USER, Pair.PASSWORD);
    return client;
  }

  private static String answer(WireClient client, String sql, List<Integer> formats)
      throws IOException {
    return FrameText.of(
        client.exchange(
            Messages.parse("", sql),
            Messages.bind("", "", List.of(), formats),
            Messages.describePortal(""),
            Messages.execute("", 0),
            Messages.sync()));
  }

  private static Map<String, String> explain(WireClient client, String sql) throws IOException {
    Map<String, String> values = new HashMap<>();
    for (Frame frame : client.query("EXPLAIN CROSSFADE " + sql)) {
      assertThat(frame.type()).as("%s", frame).isNotEqualTo('E');
      if (frame.type() == 'D') {
        values.put(frame.text(0), frame.text(1));
      }
    }
    return values;
  }
}
