package dev.crossfade.sql.lens;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;

/**
 * Runs in a JVM of its own: analyses many distinct statements and prints what is left on the heap.
 */
final class SmallHeap {
  private SmallHeap() {}

  /**
   * @param arguments how many statements
   */
  public static void main(String[] arguments) {
    StatementAnalyzer analyzer = Shop.analyzer();
    DistinctStatements statements = new DistinctStatements(20_261_121);
    int refused = 0;
    int costly = 0;
    for (int i = 0; i < Integer.parseInt(arguments[0]); i++) {
      if (analyzer.analyze(statements.next()) instanceof StatementAnalysis.Refused refusal) {
        costly += refusal.reason() == Refusal.TOO_DEEP ? 1 : 0;
        refused += refusal.reason() == Refusal.PARSE_FAILED ? 1 : 0;
      }
    }
    System.gc();
    long used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    long peak = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      peak += pool.getType() == MemoryType.HEAP ? pool.getPeakUsage().getUsed() : 0;
    }
    System.out.println(
        "failed="
            + refused
            + " costly="
            + costly
            + " usedKiB="
            + used / 1024
            + " peakKiB="
            + peak / 1024);
    // The analyser must still be reachable when the heap is measured.
    System.out.println("reads=" + analyzer.mappedNames().names());
  }
}
