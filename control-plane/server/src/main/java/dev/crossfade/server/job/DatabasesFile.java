package dev.crossfade.server.job;

import dev.crossfade.inspect.database.DatabaseUrl;
import dev.crossfade.net.secret.LocalSecrets;
import dev.crossfade.sql.yaml.InvalidFileException;
import dev.crossfade.sql.yaml.SecretNode;
import dev.crossfade.sql.yaml.YamlNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the databases of migrations are, and who the control plane is there. The file is read anew
 * for each job, so that passwords can change.
 *
 * <pre>
 * default:                                   # for migrations that are not named
 *   old: {url: postgresql://user@host:port/database, password | passwordFile | passwordVariable: its secret}
 *   new: {...}
 * migrations:
 *   a migration's name: {old: {...}, new: {...}}
 * </pre>
 *
 * @param path of the file; files of passwords are relative to it
 * @param environment may carry passwords
 */
public record DatabasesFile(Path path, Map<String, String> environment) {
  /** The two databases of a migration. */
  public record Sides(DatabaseUrl old, DatabaseUrl next) {}

  /** What the file says: for a migration, for all others. */
  private record Content(Map<String, Sides> named, @Nullable Sides otherwise) {}

  /** Without the environment. */
  @Override
  public String toString() {
    return path.toString();
  }

  /**
   * Only whether everything in it is right.
   *
   * @throws IOException when it can not be read
   * @throws InvalidFileException with everything that is wrong with it
   */
  public void check() throws IOException, InvalidFileException {
    read();
  }

  /**
   * The databases of a migration; empty when the file has none for it.
   *
   * @throws IOException when it can not be read
   * @throws InvalidFileException with everything that is wrong with it
   */
  public Optional<Sides> of(String migration) throws IOException, InvalidFileException {
    Content content = read();
    return Optional.ofNullable(content.named().getOrDefault(migration, content.otherwise()));
  }

  private Content read() throws IOException, InvalidFileException {
    YamlNode root = YamlNode.parse(Files.readString(path), path.toString());
    root.allowKeys("default", "migrations");
    YamlNode otherwise = root.child("default");
    Map<String, Sides> named = new HashMap<>();
    YamlNode migrations = root.child("migrations");
    if (migrations.isPresent()) {
      migrations.children().forEach((name, node) -> sides(node).ifPresent(s -> named.put(name, s)));
    }
    Optional<Sides> all = otherwise.isPresent() ? sides(otherwise) : Optional.empty();
    root.finish();
    return new Content(Map.copyOf(named), all.orElse(null));
  }

  private Path folder() {
    return Optional.ofNullable(path.toAbsolutePath().getParent()).orElse(Path.of("."));
  }

  private Optional<Sides> sides(YamlNode node) {
    node.allowKeys("old", "new");
    Optional<DatabaseUrl> old = database(node.requiredChild("old"));
    Optional<DatabaseUrl> next = database(node.requiredChild("new"));
    return old.isEmpty() || next.isEmpty()
        ? Optional.empty()
        : Optional.of(new Sides(old.get(), next.get()));
  }

  private Optional<DatabaseUrl> database(YamlNode node) {
    if (!node.isPresent()) {
      return Optional.empty();
    }
    node.allowKeys("url", "password", "passwordFile", "passwordVariable");
    String url = node.requiredString("url");
    Optional<String> password = SecretNode.password(node, new LocalSecrets(folder(), environment));
    if (url.isBlank()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          DatabaseUrl.parse(
              url, password.orElse(null), String.valueOf(System.getProperty("user.name"))));
    } catch (IllegalArgumentException e) {
      node.child("url").report(String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }
}
