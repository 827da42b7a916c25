/**
 * A PostgreSQL server in the control plane's data directory, for those who have none at hand.
 *
 * <p>Used by the composition root alone, from its start-up thread and its shutdown hook. It
 * outlives neither a normal exit nor a kill -9 of the control plane, and its data outlives both.
 */
@NullMarked
package dev.crossfade.server.embedded;

import org.jspecify.annotations.NullMarked;
