/** Tables as a client sees them: names, columns, types. Values only; any thread. */
@NullMarked
package dev.crossfade.core.schema;

import org.jspecify.annotations.NullMarked;
