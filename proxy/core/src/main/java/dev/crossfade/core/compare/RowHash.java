package dev.crossfade.core.compare;

/**
 * A 128-bit hash of bytes that come in pieces: MurmurHash3 x64 128 with the seed 0. Constant
 * memory, reused for every row.
 */
public final class RowHash {
  private static final long C1 = 0x87c37b91114253d5L;
  private static final long C2 = 0x4cf5ad432745937fL;

  private long high;
  private long low;
  private long bytes;

  /** Up to seven bytes that make no word yet, the first in the lowest place. */
  private long tail;

  private int tailBytes;

  /** The first word of a block whose second has not come. */
  private long first;

  private boolean hasFirst;

  /** For the next row. */
  public void begin() {
    high = 0;
    low = 0;
    bytes = 0;
    tail = 0;
    tailBytes = 0;
    hasFirst = false;
  }

  public void add(byte next) {
    bytes++;
    tail |= (next & 0xffL) << 8 * tailBytes;
    if (++tailBytes == Long.BYTES) {
      word(tail);
      tail = 0;
      tailBytes = 0;
    }
  }

  /** Eight bytes, the first in the lowest place. */
  public void add(long eight) {
    bytes += Long.BYTES;
    if (tailBytes == 0) {
      word(eight);
      return;
    }
    int shift = 8 * tailBytes;
    word(tail | eight << shift);
    tail = eight >>> Long.SIZE - shift;
  }

  private void word(long word) {
    if (!hasFirst) {
      first = word;
      hasFirst = true;
      return;
    }
    hasFirst = false;
    high ^= mixedFirst(first);
    high = (Long.rotateLeft(high, 27) + low) * 5 + 0x52dce729;
    low ^= mixedSecond(word);
    low = (Long.rotateLeft(low, 31) + high) * 5 + 0x38495ab5;
  }

  private static long mixedFirst(long word) {
    return Long.rotateLeft(word * C1, 31) * C2;
  }

  private static long mixedSecond(long word) {
    return Long.rotateLeft(word * C2, 33) * C1;
  }

  /** No more bytes come: {@link #high} and {@link #low} are the hash. */
  public void end() {
    if (hasFirst) {
      low ^= mixedSecond(tail);
      high ^= mixedFirst(first);
    } else {
      high ^= mixedFirst(tail);
    }
    high ^= bytes;
    low ^= bytes;
    high += low;
    low += high;
    high = spread(high);
    low = spread(low);
    high += low;
    low += high;
  }

  private static long spread(long word) {
    long mixed = (word ^ word >>> 33) * 0xff51afd7ed558ccdL;
    mixed = (mixed ^ mixed >>> 33) * 0xc4ceb9fe1a85ec53L;
    return mixed ^ mixed >>> 33;
  }

  public long high() {
    return high;
  }

  public long low() {
    return low;
  }
}
