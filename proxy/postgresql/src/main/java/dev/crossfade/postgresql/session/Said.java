package dev.crossfade.postgresql.session;

import java.util.List;

/**
 * What a batch is to the transaction that it is part of.
 *
 * @param controls texts of its statements about the transaction itself
 * @param touches it has others
 * @param writes one of them may write
 */
record Said(List<byte[]> controls, boolean touches, boolean writes) {
  /** What nothing is known of. */
  static final Said SOMETHING = new Said(List.of(), true, true);

  static final Said READING = new Said(List.of(), true, false);

  /** It leaves the transaction as it is. */
  static final Said NOTHING = new Said(List.of(), false, false);

  Said {
    controls = List.copyOf(controls);
  }
}
