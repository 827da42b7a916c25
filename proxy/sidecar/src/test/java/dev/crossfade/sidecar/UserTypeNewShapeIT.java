package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.testkit.wire.Frame;
import dev.crossfade.testkit.wire.Parameter;
import dev.crossfade.testkit.wire.WireClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Sessions of the new shape, whose server is old: types have the numbers that old's catalog says,
 * which is the catalog that these sessions see.
 */
class UserTypeNewShapeIT {
  private static final int[] NO_TYPES = {};

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

  private static WireClient through() throws IOException {
    return NewShapeClients.through(sidecar);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT id, %s, moods, cost, costs, more, many FROM %s ORDER BY id",
        "SELECT %1$s, count(*), max(%1$s) FROM %2$s GROUP BY %1$s ORDER BY %1$s",
        "SELECT id, felt, amounts FROM %2$s WHERE %1$s = 'happy'::mood ORDER BY id",
        "SELECT range, ranges, span, spans, several FROM %2$s ORDER BY id"
      })
  void readsAnswerWithOldsNumbers(String sql) throws Exception {
    try (WireClient through = through();
        WireClient direct = pair.direct()) {
      for (int format : List.of(0, 1)) {
        List<Frame> asOld =
            UserTypePair.answer(direct, sql.formatted("state", "parcels"), format, NO_TYPES);
        List<Frame> answer =
            UserTypePair.answer(through, sql.formatted("status", "things"), format, NO_TYPES);
        assertThat(answer).extracting(Frame::type).contains('D').doesNotContain('E');
        assertThat(rows(answer)).isEqualTo(rows(asOld));
        assertThat(types(answer)).isEqualTo(types(asOld));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mood", "price", "price[]", "feeling", "some_prices"})
  void parametersArrive(String type) throws Exception {
    String column =
        Map.of("price[]", "costs", "some_prices", "several", "price", "cost", "feeling", "felt")
            .getOrDefault(type, "status");
    String onOld = column.equals("status") ? "state" : column;
    String sql = "SELECT id, %1$s FROM %2$s WHERE %1$s::text = ($1::%3$s)::text ORDER BY id";
    try (WireClient through = through();
        WireClient direct = pair.direct()) {
      Frame value =
          UserTypePair.answer(direct, "SELECT " + onOld + " FROM parcels WHERE id = 5", 1, NO_TYPES)
              .stream()
              .filter(frame -> frame.type() == 'D')
              .findFirst()
              .orElseThrow();
      byte[] bytes = Objects.requireNonNull(value.values()[0]);
      int[] said = {Math.toIntExact(pair.oid(false, type))};
      for (int[] types : List.of(NO_TYPES, said)) {
        List<Frame> asOld =
            UserTypePair.answer(
                direct, sql.formatted(onOld, "parcels", type), 1, types, Parameter.binary(bytes));
        assertThat(asOld).extracting(Frame::type).contains('D');
        List<Frame> answer =
            UserTypePair.answer(
                through, sql.formatted(column, "things", type), 1, types, Parameter.binary(bytes));
        assertThat(rows(answer)).isEqualTo(rows(asOld));
        assertThat(frames(answer, 't')).isEqualTo(frames(asOld, 't'));
      }
    }
  }

  @Test
  void writesTakeParametersAndReturnRows() throws Exception {
    String sql =
        "UPDATE things SET status = $1, costs = $2 WHERE id = 9 RETURNING status, costs, moods";
    try (WireClient through = through();
        WireClient direct = pair.direct()) {
      List<Frame> answer =
          UserTypePair.answer(
              through,
              sql,
              1,
              NO_TYPES,
              Parameter.text("sad"),
              Parameter.text("{\"(7,USD,ok)\",NULL}"));
      assertThat(answer).extracting(Frame::type).contains('D').doesNotContain('E');
      assertThat(rows(answer))
          .isEqualTo(
              rows(
                  UserTypePair.answer(
                      direct,
                      "SELECT state, costs, moods FROM parcels WHERE id = 9",
                      1,
                      NO_TYPES)));
    }
  }

  private static List<Frame> rows(List<Frame> frames) {
    return frames(frames, 'D');
  }

  private static List<Frame> frames(List<Frame> frames, char type) {
    return frames.stream().filter(frame -> frame.type() == type).toList();
  }

  /** The columns' types of every description. */
  private static List<String> types(List<Frame> frames) {
    List<String> types = new ArrayList<>();
    for (Frame frame : frames(frames, 'T')) {
      Arrays.stream(frame.toString().split(" ", -1))
          .filter(word -> word.startsWith("type="))
          .forEach(types::add);
    }
    return types;
  }
}
