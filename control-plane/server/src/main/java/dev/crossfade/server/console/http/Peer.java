package dev.crossfade.server.console.http;

import java.net.InetAddress;
import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/**
 * The other end of a connection.
 *
 * @param certificate that it has shown, whose signature TLS has verified; null for none
 */
public record Peer(InetAddress address, @Nullable X509Certificate certificate) {}
