package dev.crossfade.bench.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.core.migration.Side;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Benchmark;

/** What is measured does what it is called. */
class HotPathBenchmarkTest {
  private final HotPathBenchmark benchmark = new HotPathBenchmark();

  @Test
  void eachBenchmarkHasWordsInTheReport() {
    assertThat(
            Arrays.stream(HotPathBenchmark.class.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(Benchmark.class))
                .map(Method::getName))
        .containsExactlyInAnyOrderElementsOf(JmhCommand.WORDS.keySet());
  }

  @Test
  void everyByteOfAnAnswerIsPassedOn() {
    long one = benchmark.codecOneRow();
    assertThat(one).isGreaterThan(64);
    assertThat(benchmark.codecHundredRows() - one).isGreaterThan(HotPathBenchmark.ROWS * 64);
    benchmark.stop();
  }

  @Test
  void keysAreDrawnToBothSides() {
    Set<Side> sides = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      sides.add(benchmark.routing().side());
    }
    assertThat(sides).containsExactlyInAnyOrder(Side.OLD, Side.NEW);
  }

  @Test
  void aStatementIsReadAndARowIsHashed() {
    assertThat(benchmark.lexer().wellFormed()).isTrue();
    assertThat(benchmark.hashingOfARow()).isEqualTo(benchmark.hashingOfARow()).isNotZero();
    assertThat(benchmark.hashingOfABucket()).isBetween(0, 99_999);
  }
}
