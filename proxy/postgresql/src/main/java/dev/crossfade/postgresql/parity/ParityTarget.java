package dev.crossfade.postgresql.parity;

import dev.crossfade.net.upstream.Connector;
import dev.crossfade.net.upstream.Endpoint;
import dev.crossfade.postgresql.auth.Credentials;
import io.netty.channel.EventLoop;
import java.util.concurrent.Executor;

/**
 * Where new is, and who tries writes there.
 *
 * @param loop of the one connection
 * @param credentials of a user that may write the mapped tables
 * @param offLoop for work that may take milliseconds
 */
public record ParityTarget(
    Connector connector,
    EventLoop loop,
    Endpoint endpoint,
    String database,
    Credentials credentials,
    Executor offLoop) {}
