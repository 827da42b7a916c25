/** Logging in to a server with the sidecar's own credentials. On the event loop; key derivation off it. */
@NullMarked
package dev.crossfade.postgresql.auth;

import org.jspecify.annotations.NullMarked;
