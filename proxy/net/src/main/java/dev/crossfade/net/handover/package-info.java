/**
 * One process gives its listening sockets to the next one: descriptors pass through a UNIX socket,
 * so that what listens never stops to. Blocks its callers; needs Linux' epoll.
 */
@NullMarked
package dev.crossfade.net.handover;

import org.jspecify.annotations.NullMarked;
