package dev.crossfade.cli;

import dev.crossfade.net.tls.DialerTls;
import dev.crossfade.net.tls.TlsException;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** How the control plane is spoken to, and who says to be calling. */
final class DialOptions {
  private static final String TOKEN_VARIABLE = "CROSSFADE_TOKEN";
  private static final Pattern TOKEN = Pattern.compile("cf_[A-Za-z0-9_-]{43}");
  private static final long TOKEN_FILE_MAX_BYTES = 4_096;
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  @Option(
      names = "--tls",
      scope = ScopeType.INHERIT,
      description = "Speak TLS with it. So does each of --ca and --cert.")
  private boolean tls;

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "Whose certificates to believe (PEM). Default: Java's own authorities")
  private @Nullable Path ca;

  @Option(
      names = "--cert",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "A certificate that says who you are (PEM).")
  private @Nullable Path certificate;

  @Option(
      names = "--key",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "Its key (PEM, PKCS #8).")
  private @Nullable Path key;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "A token that says who you are. Default: " + TOKEN_VARIABLE)
  private @Nullable Path tokenFile;

  @Option(
      names = "--allow-clear-text",
      scope = ScopeType.INHERIT,
      description = "Send the token without TLS to another machine, readably.")
  private boolean clearTextAllowed;

  /** Whether it is said who calls: then the control plane knows the name of whoever changes. */
  boolean sayWho(Map<String, String> environment) {
    return certificate != null || tokenFile != null || environment.containsKey(TOKEN_VARIABLE);
  }

  /** Sets up encryption, and what is sent with each call. */
  void apply(NettyChannelBuilder channel, String host, Map<String, String> environment)
      throws UsageException {
    boolean encrypted = tls || ca != null || certificate != null;
    if (encrypted) {
      channel.sslContext(dialer().context());
    } else {
      channel.usePlaintext();
    }
    Optional<String> token = token(environment);
    if (token.isPresent()) {
      if (!encrypted && !clearTextAllowed && !isLoopback(host)) {
        throw new UsageException(
            "a token is not sent to " + host + " in clear text: add --tls, or --allow-clear-text");
      }
      Metadata headers = new Metadata();
      headers.put(AUTHORIZATION, "Bearer " + token.get());
      channel.intercept(MetadataUtils.newAttachHeadersInterceptor(headers));
    }
  }

  private DialerTls dialer() throws UsageException {
    if ((certificate == null) != (key == null)) {
      throw new UsageException("--cert and --key go together");
    }
    Optional<DialerTls.Shown> shown =
        certificate == null || key == null
            ? Optional.empty()
            : Optional.of(new DialerTls.Shown(certificate, key));
    try {
      return DialerTls.load(new DialerTls.Source(Optional.ofNullable(ca), shown, "h2"));
    } catch (TlsException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  private Optional<String> token(Map<String, String> environment) throws UsageException {
    String given = environment.get(TOKEN_VARIABLE);
    String where = TOKEN_VARIABLE;
    if (tokenFile != null) {
      where = tokenFile.toString();
      given = content(tokenFile);
    }
    if (given == null) {
      return Optional.empty();
    }
    String token = given.strip();
    if (!TOKEN.matcher(token).matches()) {
      throw new UsageException(where + " has no token in it: one is cf_ and 43 characters");
    }
    return Optional.of(token);
  }

  private static String content(Path file) throws UsageException {
    try {
      if (Files.size(file) > TOKEN_FILE_MAX_BYTES) {
        throw new UsageException(file + " has no token in it: it is too long");
      }
      return Files.readString(file);
    } catch (IOException e) {
      throw new UsageException(file + " cannot be read");
    }
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
