package dev.crossfade.sql.write;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class HiddenFailureTest {
  private static final HiddenFailure FAILURE = HiddenFailure.ofNull("it's \"one\"");

  @Test
  void isFoundInWhatTheServerSaysOfIt() {
    assertThat(FAILURE.unless("count(*) = 0"))
        .isEqualTo(
            "CAST(CASE WHEN count(*) = 0 THEN '0' ELSE 'crossfade fails 23502: null value in a"
                + " column of \"it''s \"one\"\" violates not-null constraint #' || CAST(count(*) AS"
                + " text) END AS integer)");
    String says =
        "invalid input syntax for type integer: \"crossfade fails 23502: null value in a column of"
            + " \"it's \"one\"\" violates not-null constraint #2\"";
    assertThat(HiddenFailure.of("22P02", says)).contains(FAILURE);
  }

  @Test
  void anythingElseIsWhatItSays() {
    assertThat(HiddenFailure.of("22P02", "invalid input syntax for type integer: \"x\"")).isEmpty();
    assertThat(HiddenFailure.of("23505", "crossfade fails 23502: as if #1")).isEmpty();
  }
}
