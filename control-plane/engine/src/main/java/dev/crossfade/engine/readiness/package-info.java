/** Which statements a stage needs translated. Pure: no clock, no I/O; any thread. */
@NullMarked
package dev.crossfade.engine.readiness;

import org.jspecify.annotations.NullMarked;
