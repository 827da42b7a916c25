package dev.crossfade.bench.overhead;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Values of the same figure from several rounds. */
final class Series {
  private final List<Double> values = new ArrayList<>();

  void add(double value) {
    values.add(value);
  }

  boolean isEmpty() {
    return values.isEmpty();
  }

  List<Double> values() {
    return List.copyOf(values);
  }

  /** The largest value; 0 when there is none. */
  double most() {
    return values.stream().mapToDouble(Double::doubleValue).max().orElse(0);
  }

  /**
   * The middle value, or the mean of the two in the middle.
   *
   * @throws IllegalStateException when there is none
   */
  double median() {
    if (values.isEmpty()) {
      throw new IllegalStateException("no round was measured");
    }
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
