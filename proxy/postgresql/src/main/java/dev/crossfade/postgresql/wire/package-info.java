/** PostgreSQL protocol 3.x on bytes: start-up packets, frames, the incremental decoder. On the event loop of the channel. */
@NullMarked
package dev.crossfade.postgresql.wire;

import org.jspecify.annotations.NullMarked;
