package dev.crossfade.postgresql.session;

import dev.crossfade.net.upstream.Endpoint;
import dev.crossfade.postgresql.auth.Credentials;

/** Where new is, and who the sidecar is there. */
public record NewTarget(Endpoint endpoint, String database, Credentials credentials) {}
