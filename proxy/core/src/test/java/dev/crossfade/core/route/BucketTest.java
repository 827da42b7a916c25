package dev.crossfade.core.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.core.migration.ReadShare;
import io.getunleash.DefaultUnleash;
import io.getunleash.Unleash;
import io.getunleash.UnleashContext;
import io.getunleash.util.UnleashConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BucketTest {
  @TempDir Path folder;

  /** Vectors of the algorithm's author, as unsigned hexadecimal. */
  @ParameterizedTest
  @CsvSource({
    "'', 0, 0",
    "'', 1, 514e28b7",
    "test, 0, ba6bd213",
    "test, 9747b28c, 704b81dc",
    "'Hello, world!', 9747b28c, 24884cba",
    "The quick brown fox jumps over the lazy dog, 9747b28c, 2fa826cd"
  })
  void theHashIsMurmur3(String text, String seed, String hash) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    assertThat(Murmur3.hash32(bytes, Integer.parseUnsignedInt(seed, 16)))
        .isEqualTo(Integer.parseUnsignedInt(hash, 16));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 25, 50, 99, 100})
  void agreesWithUnleashOnEveryKeyAtWholePercentages(int percent) {
    ReadShare share = new ReadShare(percent * 1000);
    Unleash unleash = unleash("split-customers", percent);
    try {
      for (int key = 0; key < 3000; key++) {
        String name = key % 3 == 0 ? "Zoë-" + key : "session-" + key;
        assertThat(share.includes(Bucket.of("split-customers", name)))
            .as("%s at %s %%", name, percent)
            .isEqualTo(unleash.isEnabled("reads", UnleashContext.builder().userId(name).build()));
      }
    } finally {
      unleash.shutdown();
    }
  }

  @Test
  void isEvenBetweenWholePercentagesToo() {
    int[] inThousandth = new int[1000];
    int keys = 1_000_000;
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < keys; i++) {
      int bucket = Bucket.fromHash(random.nextInt());
      assertThat(bucket).isBetween(0, ReadShare.WHOLE - 1);
      inThousandth[bucket / 100]++;
    }
    for (int count : inThousandth) {
      // A thousand expected in each; six standard deviations.
      assertThat(count).isBetween(810, 1190);
    }
  }

  @Test
  void aGrowingShareOnlyAddsKeys() {
    for (int key = 0; key < 200; key++) {
      int bucket = Bucket.of("m", "key-" + key);
      boolean before = false;
      for (int share = 0; share <= ReadShare.WHOLE; share += 125) {
        boolean now = new ReadShare(share).includes(bucket);
        assertThat(!before || now).isTrue();
        before = now;
      }
      assertThat(before).isTrue();
    }
  }

  /** A client that asks no server: its one flag comes from the text. */
  private Unleash unleash(String group, int percent) {
    String flags =
        """
        {"version": 2, "features": [{"name": "reads", "enabled": true, "strategies": [
          {"name": "flexibleRollout",
           "parameters": {"rollout": "%d", "stickiness": "userId", "groupId": "%s"}}]}]}
        """
            .formatted(percent, group);
    return new DefaultUnleash(
        UnleashConfig.builder()
            .appName("bucket-test")
            .unleashAPI("http://127.0.0.1:1/api/")
            .apiKey("none")
            .backupFile(folder.resolve("backup.json").toString())
            .disablePolling()
            .disableMetrics()
            .toggleBootstrapProvider(() -> Optional.of(flags))
            .build());
  }
}
