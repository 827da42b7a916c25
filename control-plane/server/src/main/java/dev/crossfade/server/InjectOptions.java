package dev.crossfade.server;

import dev.crossfade.server.access.ServerTls;
import dev.crossfade.server.inject.InjectTemplate;
import dev.crossfade.server.inject.TemplateFile;
import dev.crossfade.sql.yaml.InvalidFileException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where pods are given their sidecars, and what these are. */
final class InjectOptions {
  @Option(
      names = "--inject",
      paramLabel = "HOST:PORT",
      description =
          "Where to answer the Kubernetes API server, which asks what to add to a pod; by TLS."
              + " Default: nowhere")
  private @Nullable String inject;

  @Option(
      names = "--inject-template",
      paramLabel = "FILE",
      description = "With --inject: what is added; a YAML file.")
  private @Nullable Path template;

  /**
   * What was asked for.
   *
   * @param address where it serves
   */
  record Settings(ListenAddress address, ServerTls tls, InjectTemplate template) {
    InetSocketAddress socketAddress() {
      return new InetSocketAddress(address.host(), address.port());
    }
  }

  /**
   * @param tls how the control plane's other ports are encrypted; null: they are not
   */
  Optional<Settings> settings(@Nullable ServerTls tls) throws StartException {
    if (inject == null && template == null) {
      return Optional.empty();
    }
    if (inject == null || template == null) {
      throw new StartException("--inject and --inject-template go together");
    }
    if (tls == null) {
      throw new StartException(
          "--inject: the API server speaks TLS only; give --tls-cert and --tls-key");
    }
    return Optional.of(new Settings(ListenAddress.parse(inject), tls, read(template)));
  }

  private static InjectTemplate read(Path file) throws StartException {
    try {
      return TemplateFile.read(file);
    } catch (IOException e) {
      throw new StartException(
          "--inject-template: " + file + " cannot be read: " + e.getMessage(), e);
    } catch (InvalidFileException e) {
      throw new StartException(String.valueOf(e.getMessage()), e);
    }
  }
}
