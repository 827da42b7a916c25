package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.testkit.process.Await;
import dev.crossfade.testkit.wire.Frame;
import dev.crossfade.testkit.wire.Messages;
import dev.crossfade.testkit.wire.Parameter;
import dev.crossfade.testkit.wire.WireClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.sql.Array;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Values of user-made types in what is large, repeated, cut short or broken. */
class UserTypeStreamIT {
  private static final String ALL =
      "SELECT a.costs, a.more FROM parcels a, parcels b WHERE a.id < 41 AND b.id < 30";

  private static UserTypePair pair;
  private static Sidecar sidecar;

  @BeforeAll
  static void start() throws Exception {
    pair = new UserTypePair();
    sidecar = pair.sidecar();
  }

  @AfterAll
  static void stop() throws Exception {
    sidecar.close();
    pair.close();
  }

  @Test
  void aRowOfSeveralMegabytesAndManyRowsAreCarried() throws Exception {
    String large =
        "SELECT array_agg(a.more ORDER BY a.id, b.id), array_agg(a.costs[1] ORDER BY b.id, a.id),"
            + " array_agg(a.state ORDER BY a.id, b.id, c.id)"
            + " FROM parcels a, parcels b, parcels c WHERE c.id < 6";
    String many =
        "SELECT a.id, a.more, b.moods, b.range FROM parcels a, parcels b ORDER BY a.id, b.id";
    try (WireClient through = MarkedPair.client(sidecar);
        WireClient direct = pair.direct()) {
      for (String sql : List.of(large, many)) {
        List<Frame> asOld = UserTypePair.answer(direct, sql, 1, new int[0]);
        MarkedPair.awaitCounted(
            sidecar,
            () -> {
              List<Frame> answer = UserTypePair.answer(through, sql, 1, new int[0]);
              assertThat(answer.equals(asOld)).isTrue();
              return answer;
            });
        long bytes = asOld.stream().mapToLong(frame -> frame.body().length).sum();
        assertThat(bytes).isGreaterThan(sql.equals(large) ? 2 << 20 : 400 << 10);
      }
    }
  }

  @Test
  void aPortalThatIsCutShortAndAPreparedStatementThatIsUsedAgain() throws Exception {
    byte[] prepare =
        Messages.parse("s", "SELECT id, more, $1::mood[] FROM parcels WHERE state = $2 ORDER BY 1");
    try (WireClient through = MarkedPair.client(sidecar);
        WireClient direct = pair.direct()) {
      List<Parameter> parameters =
          List.of(Parameter.binary(moods(direct)), Parameter.text("happy"));
      assertThat(through.exchange(prepare, Messages.describeStatement("s"), Messages.sync()))
          .isEqualTo(direct.exchange(prepare, Messages.describeStatement("s"), Messages.sync()));
      for (int rows : new int[] {0, 5, 1, 0}) {
        byte[][] batch = {
          Messages.bind("", "s", parameters, List.of(0, 1, 1)),
          Messages.execute("", rows),
          Messages.sync()
        };
        List<Frame> asOld = direct.exchange(batch);
        assertThat(asOld).extracting(Frame::type).contains('D');
        MarkedPair.awaitCounted(
            sidecar,
            () -> {
              List<Frame> answer = through.exchange(batch);
              assertThat(answer).isEqualTo(asOld);
              return answer;
            });
      }
    }
  }

  private static byte[] moods(WireClient direct) throws IOException {
    for (Frame frame :
        UserTypePair.answer(direct, "SELECT moods FROM parcels WHERE id = 5", 1, new int[0])) {
      if (frame.type() == 'D') {
        return Objects.requireNonNull(frame.values()[0]);
      }
    }
    throw new AssertionError("no row");
  }

  @Test
  void aRowThatNamesAnotherTypeNeverReachesTheClient() throws Exception {
    try (TamperedServer odd =
            new TamperedServer(
                new InetSocketAddress(pair.sides.target.host(), pair.sides.target.port()),
                java.util.Map.of());
        Sidecar behind = pair.sidecarThrough(odd.port());
        WireClient direct = pair.direct()) {
      List<Frame> asOld = UserTypePair.answer(direct, ALL, 1, new int[0]);
      // The OID of the elements of the first column, a value of 4 + 4 + 4 bytes ahead of it.
      int offset = 2 + 4 + 8 + 3;
      try (WireClient through = MarkedPair.client(behind)) {
        MarkedPair.awaitCounted(behind, () -> UserTypePair.answer(through, ALL, 1, new int[0]));
      }
      odd.spoil(3, offset);
      try (WireClient through = MarkedPair.client(behind)) {
        long fallbacks = Pair.metric(behind, "crossfade_fallbacks_total");
        assertThat(UserTypePair.answer(through, ALL, 1, new int[0])).isEqualTo(asOld);
        assertThat(Pair.metric(behind, "crossfade_fallbacks_total")).isEqualTo(fallbacks + 1);
      }
      odd.spoil(asOld.size() - 20, offset);
      try (WireClient through = MarkedPair.client(behind)) {
        through.send(
            Messages.parse("", ALL),
            Messages.bind("", "", List.of(), List.of(1)),
            Messages.execute("", 0),
            Messages.sync(),
            Messages.terminate());
        List<Frame> answer = through.readUntilClosed();
        List<Frame> rows = answer.stream().filter(frame -> frame.type() == 'D').toList();
        List<Frame> ofOld = asOld.stream().filter(frame -> frame.type() == 'D').toList();
        assertThat(rows.size()).isBetween(1, asOld.size() - 21);
        assertThat(rows.equals(ofOld.subList(0, rows.size()))).isTrue();
        assertThat(answer).extracting(Frame::type).doesNotContain('C');
      }
    }
  }

  @Test
  void theJdbcDriverReadsAndSendsThem() throws Exception {
    try (Connection through = jdbc("127.0.0.1", sidecar.address().getPort());
        Connection direct = jdbc(pair.sides.old.host(), pair.sides.old.port())) {
      for (int i = 0; i < 5; i++) {
        assertThat(read(through)).isEqualTo(read(direct));
      }
      MarkedPair.awaitCounted(sidecar, () -> read(through, List.of()));
      for (int i = 0; i < 5; i++) {
        // Types that were in doubt are read again at some time, and a plan is then made anew.
        Await.until(
            "new has answered, and like old",
            () -> {
              long before = MarkedPair.onNew(sidecar);
              assertThat(read(through)).isEqualTo(read(direct));
              return MarkedPair.onNew(sidecar) == before + 1;
            });
      }
    }
  }

  private static Connection jdbc(String host, int port) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", Pair.USER);
    properties.setProperty("password", Pair.PASSWORD);
    properties.setProperty("prepareThreshold", "1");
    properties.setProperty("binaryTransferEnable", String.valueOf(pair.oid(false, "mood[]")));
    return DriverManager.getConnection(
        "jdbc:postgresql://" + host + ':' + port + "/shop", properties);
  }

  /** As an exchange, whose frames nobody looks at. */
  private static List<Frame> read(Connection connection, List<Frame> nothing) throws IOException {
    try {
      read(connection);
      return nothing;
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }

  private static List<String> read(Connection connection) throws SQLException {
    List<String> found = new ArrayList<>();
    String sql =
        "SELECT id, state, moods, cost, costs, more, feelings FROM parcels"
            + " WHERE state = ANY (?) AND state = ?::mood AND cost >= ? ORDER BY id";
    Array moods = connection.createArrayOf("mood", new String[] {"happy", "ok"});
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setArray(1, moods);
      statement.setString(2, "happy");
      org.postgresql.util.PGobject cost = new org.postgresql.util.PGobject();
      cost.setType("price");
      cost.setValue("(2,EUR,sad)");
      statement.setObject(3, cost, Types.OTHER);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(
              rows.getLong(1)
                  + rows.getString(2)
                  + Arrays.toString(rows.getBytes(3))
                  + Arrays.deepToString((Object[]) rows.getArray(7).getArray())
                  + rows.getObject(4)
                  + rows.getString(5)
                  + rows.getObject(6));
        }
        for (int column = 1; column <= 6; column++) {
          found.add(rows.getMetaData().getColumnTypeName(column));
        }
      }
    }
    assertThat(found).hasSizeGreaterThan(10);
    return found;
  }
}
