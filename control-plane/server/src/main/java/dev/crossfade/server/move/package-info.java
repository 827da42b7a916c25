/**
 * Moves at work: the authority goes from one side to the other, or old becomes an archive. Each on
 * a thread of its own. A move is written down before it is begun, and whichever control plane finds
 * it unfinished goes on with it: what was done is told by the databases, not by memory.
 */
@NullMarked
package dev.crossfade.server.move;

import org.jspecify.annotations.NullMarked;
