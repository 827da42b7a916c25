package dev.crossfade.core.compare;

/**
 * What is left of an answer's rows, whatever their number: one sum of their hashes, which is the
 * same in any order and counts each of equal rows, and one hash of the order that the statement
 * fixes.
 *
 * @param orderHigh of the values of the ORDER BY, row for row; rows that share them may change
 *     places. The same for all answers where no order is known
 */
public record AnswerDigest(long rows, long setHigh, long setLow, long orderHigh, long orderLow) {

  /** Whether both have the same rows, in any order. */
  public boolean hasRowsOf(AnswerDigest other) {
    return rows == other.rows && setHigh == other.setHigh && setLow == other.setLow;
  }

  /** Whether both have what their statement orders by in the same order. */
  public boolean hasOrderOf(AnswerDigest other) {
    return orderHigh == other.orderHigh && orderLow == other.orderLow;
  }

  /** Adds up the rows of one answer. Constant memory. */
  public static final class Builder {
    private final RowHash order = new RowHash();
    private long rows;
    private long setHigh;
    private long setLow;

    public Builder() {
      order.begin();
    }

    /** A row has come. */
    public void row(RowHash row) {
      rows++;
      setLow += row.low();
      setHigh += row.high() + (Long.compareUnsigned(setLow, row.low()) < 0 ? 1 : 0);
    }

    /** What the row that has come is ordered by. */
    public void orderedBy(RowHash values) {
      order.add(values.high());
      order.add(values.low());
    }

    /** The whole answer; to be called once. */
    public AnswerDigest build() {
      order.end();
      return new AnswerDigest(rows, setHigh, setLow, order.high(), order.low());
    }
  }
}
