/**
 * The sidecar's end of the control plane's stream: snapshots in, acks and reports out, the last
 * good snapshot on disk.
 *
 * <p>The composition root starts {@link dev.crossfade.sidecar.control.ControlClient} and supplies
 * the sink of snapshots and the source of reports. One event loop thread owns the stream and its
 * timers; snapshots are handed over on a virtual thread, one at a time. Nothing here is called by
 * the data path, and nothing here blocks it or throws into it.
 */
@NullMarked
package dev.crossfade.sidecar.control;

import org.jspecify.annotations.NullMarked;
