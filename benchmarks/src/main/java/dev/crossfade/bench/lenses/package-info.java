/** Whether the checks of a lens see through faulty ones. Programs for the command line. */
@NullMarked
package dev.crossfade.bench.lenses;

import org.jspecify.annotations.NullMarked;
