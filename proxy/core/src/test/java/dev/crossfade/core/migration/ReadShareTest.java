package dev.crossfade.core.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReadShareTest {
  @ParameterizedTest
  @CsvSource({
    "25%, 25000, 25%",
    "25, 25000, 25%",
    "' 0.5 % ', 500, 0.5%",
    "0.001%, 1, 0.001%",
    "0, 0, 0%",
    "100%, 100000, 100%",
    "99.999, 99999, 99.999%",
    "1e1, 10000, 10%"
  })
  void readsWhatPeopleWrite(String text, int buckets, String written) {
    ReadShare share = ReadShare.parse(text);
    assertThat(share.buckets()).isEqualTo(buckets);
    assertThat(share).hasToString(written);
    assertThat(ReadShare.parse(share.toString())).isEqualTo(share);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "%",
        "101",
        "100.001%",
        "-1",
        "0.0001",
        "half",
        "1,5",
        "25%%",
        "9999999999999"
      })
  void refusesTheRestAndSaysWhatWouldBeRight(String text) {
    assertThatThrownBy(() -> ReadShare.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "'")
        .hasMessageContaining("0 to 100");
  }

  @Test
  void includesAsManyBucketsAsItHas() {
    for (int buckets : new int[] {0, 1, 12_345, ReadShare.WHOLE}) {
      ReadShare share = new ReadShare(buckets);
      int included = 0;
      for (int bucket = 0; bucket < ReadShare.WHOLE; bucket++) {
        included += share.includes(bucket) ? 1 : 0;
      }
      assertThat(included).isEqualTo(buckets);
    }
  }
}
