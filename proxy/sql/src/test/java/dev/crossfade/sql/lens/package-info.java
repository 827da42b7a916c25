/** Tests of the lens. */
@NullMarked
package dev.crossfade.sql.lens;

import org.jspecify.annotations.NullMarked;
