package dev.crossfade.bench.soak;

import java.util.HexFormat;

/** A number that no other question of the run has, as text: {@code n} and 16 digits. */
final class Nonce {
  static final int LENGTH = 17;

  private static final int CLIENT_SHIFT = 40;

  private Nonce() {}

  /**
   * @param client from 0, less than 2^23
   * @param sequence of the client's questions
   */
  static long of(int client, long sequence) {
    return ((long) client << CLIENT_SHIFT) | sequence;
  }

  static String text(long nonce) {
    return 'n' + HexFormat.of().toHexDigits(nonce);
  }
}
