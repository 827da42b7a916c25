package dev.crossfade.postgresql.auth.terminated;

import dev.crossfade.postgresql.auth.Credentials;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A user that the sidecar lets in.
 *
 * @param name what the client says
 * @param verifier of the password; empty: no password lets this user in
 * @param peer the system user that a client on the UNIX socket has to run as, by number; empty: the
 *     socket is as good as any other way
 * @param old who the sidecar is on old for this user
 */
public record KnownUser(
    String name, Optional<ScramVerifier> verifier, OptionalInt peer, Credentials old) {}
