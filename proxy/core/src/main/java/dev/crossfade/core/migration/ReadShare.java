package dev.crossfade.core.migration;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * The share of reads that new answers, in buckets of 100,000 (so 0.001 % is the smallest step).
 *
 * @param buckets 0 to 100,000
 */
public record ReadShare(int buckets) implements Comparable<ReadShare> {
  public static final int WHOLE = 100_000;
  public static final ReadShare NONE = new ReadShare(0);
  public static final ReadShare ALL = new ReadShare(WHOLE);

  public ReadShare {
    if (buckets < 0 || buckets > WHOLE) {
      throw new IllegalArgumentException(
          "a read share is 0 to " + WHOLE + " buckets, not " + buckets);
    }
  }

  /**
   * Reads {@code 25%}, {@code 25} or {@code 0.5 %}.
   *
   * @throws IllegalArgumentException when it is no number from 0 to 100 with at most three decimals
   */
  public static ReadShare parse(String text) {
    String number = text.trim();
    if (number.endsWith("%")) {
      number = number.substring(0, number.length() - 1).trim();
    }
    try {
      return new ReadShare(isWhole(number) ? Integer.parseInt(number) * 1000 : buckets(number));
    } catch (ArithmeticException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "' is no percentage: write a number from 0 to 100 with at most three decimals, such"
              + " as 25%",
          e);
    }
  }

  private static boolean isWhole(String number) {
    return !number.isEmpty()
        && number.length() <= 3
        && number.chars().allMatch(digit -> digit >= '0' && digit <= '9');
  }

  private static int buckets(String number) {
    return new BigDecimal(number)
        .movePointRight(3)
        .setScale(0, RoundingMode.UNNECESSARY)
        .intValueExact();
  }

  /** Whether a bucket (0 to 99,999) is inside this share. */
  public boolean includes(int bucket) {
    return bucket < buckets;
  }

  public double percent() {
    return buckets / 1000.0;
  }

  @Override
  public int compareTo(ReadShare other) {
    return Integer.compare(buckets, other.buckets);
  }

  /** Such as {@code 25%} or {@code 0.5%}. */
  @Override
  public String toString() {
    return buckets % 1000 == 0
        ? buckets / 1000 + "%"
        : BigDecimal.valueOf(buckets, 3).stripTrailingZeros().toPlainString() + "%";
  }
}
