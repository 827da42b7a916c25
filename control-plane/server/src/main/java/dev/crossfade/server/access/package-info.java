/**
 * Who calls, and whether it may: identities from tokens and certificates, and the interceptor that
 * every call passes. {@link dev.crossfade.server.access.Caller#current} tells the services who it
 * is. Safe on any thread.
 */
@NullMarked
package dev.crossfade.server.access;

import org.jspecify.annotations.NullMarked;
