/** Bytes from one channel to another, unread, with back-pressure. */
@NullMarked
package dev.crossfade.net.relay;

import org.jspecify.annotations.NullMarked;
