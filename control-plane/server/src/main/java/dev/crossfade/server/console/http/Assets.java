package dev.crossfade.server.console.http;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The files of the pages, read from the class path once. Each is served under a name that changes
 * with its content, so browsers may keep it for ever.
 */
public final class Assets {
  private static final String OWN = "/dev/crossfade/server/console/assets/";
  private static final int HASH_CHARS = 12;

  private final Map<String, Asset> byPath = new HashMap<>();
  private final Map<String, String> paths = new HashMap<>();

  /** A file. */
  public record Asset(Buffer content, String type) {}

  private Assets() {}

  /** Reads all of them. */
  public static Assets load() {
    Assets assets = new Assets();
    assets.add("console.css", OWN + "console.css", "text/css; charset=utf-8");
    assets.add("icon.svg", OWN + "icon.svg", "image/svg+xml");
    String script = "text/javascript; charset=utf-8";
    assets.add("console.js", OWN + "console.js", script);
    assets.add("htmx.js", webjar("htmx.org", "dist/htmx.min.js"), script);
    assets.add("sse.js", webjar("htmx-ext-sse", "sse.js"), script);
    return assets;
  }

  /** A library's files lie in a folder with its version, which the build alone knows. */
  private static String webjar(String name, String file) {
    Properties properties = new Properties();
    try (InputStream stream = open("/META-INF/maven/org.webjars.npm/" + name + "/pom.properties")) {
      properties.load(stream);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String version = properties.getProperty("version");
    return "/META-INF/resources/webjars/" + name + "/" + version + "/" + file;
  }

  private static InputStream open(String resource) {
    InputStream stream = Assets.class.getResourceAsStream(resource);
    if (stream == null) {
      throw new IllegalStateException("not on the class path: " + resource);
    }
    return stream;
  }

  private void add(String name, String resource, String type) {
    byte[] content;
    try (InputStream stream = open(resource)) {
      content = stream.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String path = "/assets/" + hash(content) + "/" + name;
    paths.put(name, path);
    byPath.put(path, new Asset(Buffer.buffer(content), type));
  }

  private static String hash(byte[] content) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
      return HexFormat.of().formatHex(digest).substring(0, HASH_CHARS);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Where a file is served. */
  public String path(String name) {
    String path = paths.get(name);
    if (path == null) {
      throw new IllegalArgumentException("no file " + name);
    }
    return path;
  }

  /** The file at that path; empty for another one, also for one of another version. */
  public Optional<Asset> at(@Nullable String path) {
    return Optional.ofNullable(byPath.get(path));
  }
}
