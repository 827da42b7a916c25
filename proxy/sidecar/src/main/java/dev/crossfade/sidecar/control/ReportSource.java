package dev.crossfade.sidecar.control;

import dev.crossfade.api.v1.InventoryPage;
import dev.crossfade.api.v1.Report;
import java.util.Optional;

/** Counts since the last time they were taken. */
@FunctionalInterface
public interface ReportSource {
  /**
   * Takes the counts and begins anew. Called about once a second while the control plane is
   * connected, on the control client's event loop: reads counters and returns, without waiting for
   * anything. {@code interval} is filled in by the caller.
   */
  Report take();

  /**
   * The page of the inventory that is to be sent now, if any. Called after {@link #take}.
   *
   * @param stream the number of the stream that it will be sent on
   */
  default Optional<InventoryPage> inventory(long stream) {
    return Optional.empty();
  }

  /** The control plane has stored this page. */
  default void inventoryAcked(long number) {}
}
