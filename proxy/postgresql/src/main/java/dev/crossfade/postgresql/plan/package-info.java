/** Plans of reads by fingerprint: made and validated on a planner thread, looked up on event loops. */
@NullMarked
package dev.crossfade.postgresql.plan;

import org.jspecify.annotations.NullMarked;
