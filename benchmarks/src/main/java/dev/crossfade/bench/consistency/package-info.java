/** Whether anything is lost or doubled when everything dies in turn. */
@NullMarked
package dev.crossfade.bench.consistency;

import org.jspecify.annotations.NullMarked;
