/** What clients' traces are told of their statements. Called on event loops. */
@NullMarked
package dev.crossfade.postgresql.trace;

import org.jspecify.annotations.NullMarked;
