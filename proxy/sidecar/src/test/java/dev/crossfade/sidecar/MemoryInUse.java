package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetric;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;

/**
 * What this JVM keeps: live objects, and memory outside the heap.
 *
 * @param heapBytes after a collection
 * @param directBytes of Netty's allocator, and of the JDK's direct buffers where these are others
 */
record MemoryInUse(long heapBytes, long directBytes) {
  /** The same state never takes exactly the same. */
  private static final long NOISE_BYTES = 8 << 20;

  static MemoryInUse now() {
    // The second one takes what the first has only found to be unreachable.
    System.gc();
    System.gc();
    return new MemoryInUse(
        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
        Math.max(ofNetty(), ofJdk()));
  }

  private static long ofNetty() {
    if (ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider provider) {
      ByteBufAllocatorMetric metric = provider.metric();
      return metric.usedDirectMemory();
    }
    throw new IllegalStateException("the allocator tells nothing");
  }

  private static long ofJdk() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .mapToLong(BufferPoolMXBean::getMemoryUsed)
        .sum();
  }

  void assertNotMoreThan(MemoryInUse before, String when) {
    assertThat(heapBytes).as("heap " + when).isLessThan(before.heapBytes + NOISE_BYTES);
    assertThat(directBytes)
        .as("direct memory " + when)
        .isLessThan(before.directBytes + NOISE_BYTES);
  }
}
