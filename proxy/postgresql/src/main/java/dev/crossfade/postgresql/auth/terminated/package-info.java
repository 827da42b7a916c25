/**
 * The server's part of a login: who a client is, when the sidecar itself is to find that out.
 *
 * <p>Values and arithmetic of microseconds, without I/O: the session package has the channels.
 */
@NullMarked
package dev.crossfade.postgresql.auth.terminated;

import org.jspecify.annotations.NullMarked;
