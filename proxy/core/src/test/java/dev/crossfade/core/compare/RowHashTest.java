package dev.crossfade.core.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RowHashTest {
  private static String hash(byte[] bytes, Random pieces) {
    RowHash hash = new RowHash();
    hash.begin();
    ByteBuffer left = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    while (left.hasRemaining()) {
      if (left.remaining() >= 8 && pieces.nextBoolean()) {
        hash.add(left.getLong());
      } else {
        hash.add(left.get());
      }
    }
    hash.end();
    return String.format("%016x%016x", hash.high(), hash.low());
  }

  private static String hash(String text) {
    return hash(text.getBytes(StandardCharsets.UTF_8), new Random(1));
  }

  @Test
  void itIsMurmur3() {
    assertThat(hash("")).isEqualTo("0".repeat(32));
    assertThat(hash("hello")).isEqualTo("cbd8a7b341bd9b025b1e906a48ae1d19");
    assertThat(hash("The quick brown fox jumps over the lazy dog"))
        .isEqualTo("e34bbc7bbc071b6c7a433ca9c49a9347");
  }

  @Test
  void inWhateverPiecesBytesComeTheHashIsTheSame() {
    Random random = new Random(4711);
    for (int length = 0; length < 70; length++) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      Set<String> hashes = new HashSet<>();
      for (int seed = 0; seed < 20; seed++) {
        hashes.add(hash(bytes, new Random(seed)));
      }
      assertThat(hashes).as("length " + length).hasSize(1);
    }
  }

  @Test
  void zerosAreCounted() {
    Set<String> hashes = new HashSet<>();
    for (int length = 0; length < 70; length++) {
      hashes.add(hash(new byte[length], new Random(1)));
    }
    assertThat(hashes).hasSize(70);
  }
}
