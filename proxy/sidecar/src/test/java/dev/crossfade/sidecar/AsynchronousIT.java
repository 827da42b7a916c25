package dev.crossfade.sidecar;

import static dev.crossfade.sidecar.MarkedPair.OF_NEW;
import static dev.crossfade.sidecar.MarkedPair.READ;
import static dev.crossfade.sidecar.MarkedPair.answer;
import static dev.crossfade.sidecar.MarkedPair.awaitCounted;
import static dev.crossfade.sidecar.MarkedPair.awaitNew;
import static dev.crossfade.sidecar.MarkedPair.client;
import static dev.crossfade.testkit.wire.Messages.query;
import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.testkit.process.Await;
import dev.crossfade.testkit.wire.Frame;
import dev.crossfade.testkit.wire.FrameText;
import dev.crossfade.testkit.wire.WireClient;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What old says unasked while new answers comes between two messages, and the client loses nothing.
 */
class AsynchronousIT {
  /** More than all the buffers between a server and a client that does not read. */
  private static final int LENGTH = 20_000_000;

  private static final String LARGE = "SELECT full_name FROM customers WHERE id = 9000";

  private static MarkedPair pair;

  private Sidecar sidecar;
  private WireClient client;

  @BeforeAll
  static void start() throws Exception {
    pair = new MarkedPair();
    pair.sides.old.executeIn(
        "shop",
        "ALTER TABLE customers ALTER full_name TYPE text",
        "INSERT INTO customers VALUES (9000, 'of old', NULL, 1, now())");
    pair.sides.target.executeIn(
        "shop2", "INSERT INTO people SELECT 9000, repeat('x', " + LENGTH + "), NULL, 1, now()");
  }

  @AfterAll
  static void stop() throws Exception {
    pair.close();
  }

  @BeforeEach
  void listen() throws Exception {
    sidecar = pair.ramp();
    client = client(sidecar, "application_name", "listener");
    client.query("LISTEN news");
    awaitNew(sidecar, client);
  }

  @AfterEach
  void close() throws Exception {
    client.close();
    sidecar.close();
  }

  private static boolean holds(Pair sides, boolean onNew, String condition) throws SQLException {
    try (Connection connection = onNew ? sides.target.connect("shop2") : sides.old.connect("shop");
        ResultSet count =
            connection
                .createStatement()
                .executeQuery("SELECT count(*) FROM pg_stat_activity WHERE " + condition)) {
      count.next();
      return count.getLong(1) > 0;
    }
  }

  /** Until new waits for the sidecar, the sidecar for the client, and the row is passed in half. */
  private void askAndLeaveHalfRead() throws Exception {
    client.send(query(LARGE));
    Await.until(
        "new to be stopped in its row",
        () -> holds(pair.sides, true, "usename = 'app' AND wait_event = 'ClientWrite'"));
  }

  /** The row is whole; the frames that came unasked, in their order. */
  private static List<Frame> unasked(List<Frame> heard) {
    assertThat(heard)
        .filteredOn(frame -> frame.type() == 'D')
        .singleElement()
        .satisfies(row -> assertThat(answer(List.of(row))).isEqualTo("x".repeat(LENGTH)));
    return heard.stream().filter(frame -> "TDCZ".indexOf(frame.type()) < 0).toList();
  }

  @Test
  void aNotificationComesAfterTheRow() throws Exception {
    askAndLeaveHalfRead();
    try (WireClient other = pair.direct()) {
      other.query("NOTIFY news, 'first'");
      other.query("NOTIFY news, 'second'");
    }
    // Both are on their way from old once its session is idle again.
    List<Frame> heard = client.readUntilReady();
    Await.until(
        "the notifications",
        () -> {
          if (unasked(heard).size() < 2) {
            heard.addAll(client.readUntil("A"));
          }
          return unasked(heard).size() == 2;
        });
    assertThat(FrameText.of(unasked(heard)))
        .isEqualTo("A pid 'news' 'first'\nA pid 'news' 'second'");
    assertThat(answer(client.query(READ))).isEqualTo(OF_NEW);
  }

  /** A server says so with its next answer. */
  @Test
  void aSettingThatWasReloadedIsFollowed() throws Exception {
    try (WireClient direct = pair.direct()) {
      pair.sides.old.execute(
          "ALTER SYSTEM SET TimeZone TO 'Asia/Tokyo'", "SELECT pg_reload_conf()");
      assertThat(awaitTokyo(client))
          .isEqualTo(awaitTokyo(direct))
          .isEqualTo("S TimeZone=Asia/Tokyo");
      String time = "SELECT created_at::text FROM customers WHERE id = 17";
      String expected = answer(direct.query(time));
      awaitCounted(
          sidecar,
          () -> {
            List<Frame> heard = client.query(time);
            assertThat(answer(heard)).isEqualTo(expected);
            return heard;
          });
    } finally {
      pair.sides.old.execute("ALTER SYSTEM RESET TimeZone", "SELECT pg_reload_conf()");
    }
  }

  /** What was said unasked until the setting was in force. */
  private static String awaitTokyo(WireClient session) {
    List<Frame> said = new ArrayList<>();
    Await.until(
        "the setting",
        () -> {
          List<Frame> heard = session.query("SHOW TimeZone");
          heard.stream().filter(frame -> frame.type() == 'S').forEach(said::add);
          return answer(heard).equals("Asia/Tokyo");
        });
    return FrameText.of(said);
  }

  @Test
  void theEndOfOldsSessionComesAfterTheRow() throws Exception {
    askAndLeaveHalfRead();
    pair.sides.old.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name ="
            + " 'listener'");
    Await.until(
        "the session on old to end",
        () -> !holds(pair.sides, false, "application_name = 'listener'"));
    List<Frame> heard = client.readUntilClosed();
    assertThat(unasked(heard)).singleElement().extracting(Frame::sqlState).isEqualTo("57P01");
  }

  @Test
  void betweenReadsItComesAtOnce() throws Exception {
    try (WireClient other = pair.direct()) {
      other.query("NOTIFY news, 'now'");
    }
    assertThat(FrameText.of(client.readUntil("A"))).isEqualTo("A pid 'news' 'now'");
  }
}
