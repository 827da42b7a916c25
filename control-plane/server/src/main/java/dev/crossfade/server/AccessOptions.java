package dev.crossfade.server;

import dev.crossfade.net.tls.TlsException;
import dev.crossfade.server.ControlPlaneSettings.Access;
import dev.crossfade.server.access.NamesFile;
import dev.crossfade.server.access.ServerTls;
import dev.crossfade.sql.yaml.InvalidFileException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who is let in, and how what is said is kept from others. */
final class AccessOptions {
  @Option(
      names = "--tls-cert",
      paramLabel = "FILE",
      description = "Serve by TLS with this certificate (PEM; then those up to its root).")
  private @Nullable Path certificate;

  @Option(
      names = "--tls-key",
      paramLabel = "FILE",
      description = "Its key (PEM, PKCS #8). All these files are followed as they change.")
  private @Nullable Path key;

  @Option(
      names = "--client-ca",
      paramLabel = "FILE",
      description = "Callers may show certificates that one of these has signed (PEM).")
  private @Nullable Path clientCa;

  @Option(
      names = "--access",
      paramLabel = "FILE",
      description = "Whom these certificates stand for; a YAML file.")
  private @Nullable Path names;

  @Option(
      names = "--require-login",
      description =
          "Callers have to say who they are even on loopback, and before there is a token.")
  private boolean loginRequired;

  @Option(
      names = "--allow-clear-text",
      description = "Serve without TLS where others can listen. Tokens are then sent readably.")
  private boolean clearTextAllowed;

  Access access() throws StartException {
    if ((certificate == null) != (key == null)) {
      throw new StartException("--tls-cert and --tls-key go together");
    }
    if (clientCa != null && certificate == null) {
      throw new StartException("--client-ca goes with --tls-cert");
    }
    if ((clientCa == null) != (names == null)) {
      throw new StartException(
          "--client-ca and --access go together: one says which certificates are genuine, the other"
              + " whom they stand for");
    }
    return new Access(loginRequired, namesFile(), tls(), clearTextAllowed);
  }

  private @Nullable ServerTls tls() throws StartException {
    if (certificate == null || key == null) {
      return null;
    }
    try {
      return ServerTls.load(new ServerTls.Files(certificate, key, Optional.ofNullable(clientCa)));
    } catch (TlsException e) {
      throw new StartException(String.valueOf(e.getMessage()), e);
    }
  }

  private @Nullable NamesFile namesFile() throws StartException {
    if (names == null) {
      return null;
    }
    try {
      return NamesFile.load(names);
    } catch (IOException e) {
      throw new StartException("--access: " + names + " cannot be read", e);
    } catch (InvalidFileException e) {
      throw new StartException(String.valueOf(e.getMessage()), e);
    }
  }
}
