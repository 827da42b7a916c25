/** Expected failures as values, and the circuit that stops trying a sick side. */
@NullMarked
package dev.crossfade.core.fault;

import org.jspecify.annotations.NullMarked;
