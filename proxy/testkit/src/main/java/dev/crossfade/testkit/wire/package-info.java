/**
 * A scripted PostgreSQL client (protocol 3.0, "Frontend/Backend Protocol" of the PostgreSQL manual)
 * that shows every frame, for tests that compare a proxy with the server behind it. It shares no
 * code with the proxy, so that one mistake cannot hide in both. One thread per client; calls block.
 */
@NullMarked
package dev.crossfade.testkit.wire;

import org.jspecify.annotations.NullMarked;
