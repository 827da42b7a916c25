/** How measurements are kept small: shared by what counts and by what adds up. */
@NullMarked
package dev.crossfade.core.measure;

import org.jspecify.annotations.NullMarked;
