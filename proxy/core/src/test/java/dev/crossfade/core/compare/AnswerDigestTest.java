package dev.crossfade.core.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AnswerDigestTest {
  private static RowHash hash(long value) {
    RowHash hash = new RowHash();
    hash.begin();
    hash.add(value);
    hash.end();
    return hash;
  }

  /** Rows of a value each, ordered by its tens. */
  private static AnswerDigest digest(List<Long> rows) {
    AnswerDigest.Builder digest = new AnswerDigest.Builder();
    for (long row : rows) {
      digest.row(hash(row));
      digest.orderedBy(hash(row / 10));
    }
    return digest.build();
  }

  @Test
  void theOrderOfRowsDoesNotMatterToTheirSum() {
    List<Long> rows = new ArrayList<>();
    for (long i = 0; i < 1_000; i++) {
      rows.add(i % 300);
    }
    AnswerDigest digest = digest(rows);
    Collections.shuffle(rows, new Random(5));
    assertThat(digest(rows).hasRowsOf(digest)).isTrue();
    assertThat(digest(rows).hasOrderOf(digest)).isFalse();
  }

  @Test
  void equalRowsAreCounted() {
    assertThat(digest(List.of(1L, 1L, 2L)).hasRowsOf(digest(List.of(1L, 2L, 2L)))).isFalse();
    assertThat(digest(List.of(1L, 1L)).hasRowsOf(digest(List.of()))).isFalse();
    assertThat(digest(List.of(1L, 1L, 2L)).hasRowsOf(digest(List.of(2L)))).isFalse();
  }

  @Test
  void rowsThatStandAtTheSameValueMayChangePlaces() {
    AnswerDigest digest = digest(List.of(11L, 12L, 21L));
    assertThat(digest(List.of(12L, 11L, 21L)).hasOrderOf(digest)).isTrue();
    assertThat(digest(List.of(21L, 11L, 12L)).hasOrderOf(digest)).isFalse();
  }

  @Test
  void oneOfManyRowsDecides() {
    List<Long> rows = new ArrayList<>();
    for (long i = 0; i < 100_000; i++) {
      rows.add(i);
    }
    AnswerDigest digest = digest(rows);
    rows.set(77_777, -1L);
    assertThat(digest(rows).hasRowsOf(digest)).isFalse();
  }
}
