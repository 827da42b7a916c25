/**
 * What the sidecar has measured of its migrations, put into the report of every second. One thread,
 * the control client's; never waits.
 */
@NullMarked
package dev.crossfade.sidecar.signal;

import org.jspecify.annotations.NullMarked;
