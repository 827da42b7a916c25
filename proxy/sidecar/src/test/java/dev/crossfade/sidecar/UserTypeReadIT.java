package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.testkit.wire.Frame;
import dev.crossfade.testkit.wire.FrameText;
import dev.crossfade.testkit.wire.Parameter;
import dev.crossfade.testkit.wire.WireClient;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values of types that users made, whose OIDs differ: through the sidecar as from old itself. */
class UserTypeReadIT {
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

  @ParameterizedTest
  @ValueSource(strings = {"mood", "mood[]", "cents", "cents[]", "price", "price[]", "pricerange"})
  void theServersGiveTheirTypesOtherNumbers(String type) throws Exception {
    assertThat(pair.oid(true, type)).isNotEqualTo(pair.oid(false, type));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM parcels ORDER BY id",
        "SELECT state FROM parcels WHERE id = 3",
        "SELECT id, moods, amounts FROM parcels WHERE state = 'happy' ORDER BY id",
        "SELECT array_agg(state ORDER BY id), array_agg(felt ORDER BY id), count(*) FROM parcels",
        "SELECT array_agg(cost ORDER BY id), array_agg(more ORDER BY state, id) FROM parcels",
        "SELECT (cost).amount, (more).cost, ((more).costs)[1] FROM parcels WHERE id < 9 ORDER BY"
            + " id",
        "SELECT unnest(costs), unnest(moods) FROM parcels WHERE id = 7",
        "SELECT state, count(*) FROM parcels GROUP BY state ORDER BY state DESC",
        "SELECT a.id, b.cost FROM parcels a JOIN parcels b ON a.cost = b.cost ORDER BY a.cost",
        "SELECT id, range, ranges, span, spans FROM parcels WHERE span @> state ORDER BY id",
        "SELECT json_agg(more ORDER BY id), string_agg(cost::text, ' ' ORDER BY id) FROM parcels",
        "SELECT id FROM parcels WHERE state = 'happy'::mood OR cost = ROW(4, 'EUR', 'ok')::price",
        "SELECT id, CAST(amount + 1 AS cents), amounts::public.cents[] FROM parcels ORDER BY id",
        "SELECT id, felt, 'ok'::feeling FROM parcels WHERE felt::mood > 'sad'::mood ORDER BY id",
        "SELECT mail, mails, 'B' = ANY (mails) FROM parcels WHERE mail = 'MAIL@7' OR mail <"
            + " 'mail@3' ORDER BY mail",
        "SELECT id, 'X'::citext FROM parcels WHERE mail LIKE 'MAIL@1%' ORDER BY id",
        "SELECT at, ats, feelings, several FROM parcels WHERE state > 'sad' ORDER BY id LIMIT 5"
      })
  void newAnswersAsOldDoes(String sql) throws Exception {
    try (WireClient through = MarkedPair.client(sidecar);
        WireClient direct = pair.direct()) {
      assertThat(UserTypePair.explain(through, sql)).containsEntry("side", "new");
      long before = MarkedPair.onNew(sidecar);
      for (int format : List.of(0, 1)) {
        List<Frame> answer = UserTypePair.answer(through, sql, format, NO_TYPES);
        assertThat(answer).extracting(Frame::type).contains('D', 'T').doesNotContain('E');
        assertThat(FrameText.of(answer))
            .isEqualTo(FrameText.of(UserTypePair.answer(direct, sql, format, NO_TYPES)));
        assertThat(answer).isEqualTo(UserTypePair.answer(direct, sql, format, NO_TYPES));
      }
      assertThat(through.query(sql)).isEqualTo(direct.query(sql));
      assertThat(MarkedPair.onNew(sidecar)).isEqualTo(before + 3);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "state",
        "moods",
        "amount",
        "amounts",
        "feelings",
        "ats",
        "costs",
        "many",
        "span",
        "spans",
        "range",
        "ranges",
        "several",
        "mail",
        "mails"
      })
  void parametersOfEachTypeArrive(String column) throws Exception {
    parameters(column, true);
  }

  @ParameterizedTest
  @ValueSource(strings = {"at", "cost", "more"})
  void parametersArriveWhoseTypeTheClientSays(String column) throws Exception {
    parameters(column, false);
  }

  private static void parameters(String column, boolean inferred) throws IOException {
    parameters(column, column + " = $1", inferred);
  }

  @Test
  void parametersOfADomainArrive() throws Exception {
    parameters("felt", "felt::mood = $1::feeling::mood", true);
    parameters("several", "several::price[] = $1::some_prices::price[]", true);
  }

  private static void parameters(String column, String condition, boolean inferred)
      throws IOException {
    String value = "SELECT " + column + " FROM parcels WHERE id = 5";
    String sql = "SELECT id, " + column + " FROM parcels WHERE " + condition + " ORDER BY id";
    try (WireClient through = MarkedPair.client(sidecar);
        WireClient direct = pair.direct()) {
      List<Frame> text = UserTypePair.answer(direct, value, 0, NO_TYPES);
      List<Frame> binary = UserTypePair.answer(direct, value, 1, NO_TYPES);
      int[] said = {columnType(text)};
      for (int[] types : inferred ? List.of(NO_TYPES, said) : List.of(said)) {
        MarkedPair.awaitCounted(
            sidecar, () -> UserTypePair.answer(through, sql, 0, types, Parameter.ofNull()));
        long before = MarkedPair.onNew(sidecar);
        for (Parameter parameter :
            List.of(Parameter.text(valueOf(text)), Parameter.binary(bytesOf(binary)))) {
          List<Frame> asOld = UserTypePair.answer(direct, sql, 1, types, parameter);
          assertThat(asOld).extracting(Frame::type).contains('D');
          assertThat(UserTypePair.answer(through, sql, 1, types, parameter)).isEqualTo(asOld);
        }
        assertThat(MarkedPair.onNew(sidecar)).isEqualTo(before + 2);
      }
    }
  }

  /** Of the only column. */
  private static int columnType(List<Frame> frames) {
    byte[] body = frames.stream().filter(f -> f.type() == 'T').findFirst().orElseThrow().body();
    return ByteBuffer.wrap(body).getInt(body.length - 12);
  }

  private static Frame row(List<Frame> frames) {
    return frames.stream().filter(f -> f.type() == 'D').findFirst().orElseThrow();
  }

  private static String valueOf(List<Frame> frames) {
    return Objects.requireNonNull(row(frames).text(0));
  }

  private static byte[] bytesOf(List<Frame> frames) {
    return Objects.requireNonNull(row(frames).values()[0]);
  }
}
