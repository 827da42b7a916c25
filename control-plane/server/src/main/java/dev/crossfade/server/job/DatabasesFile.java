package dev.crossfade.server.job;

import dev.crossfade.inspect.database.DatabaseUrl;
import dev.crossfade.sql.yaml.InvalidFileException;
import dev.crossfade.sql.yaml.YamlNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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
  private static final String[] SECRETS = {"password", "passwordFile", "passwordVariable"};

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
    Optional<String> password = password(node);
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

  private Optional<String> password(YamlNode node) {
    List<String> given = new ArrayList<>();
    for (String key : SECRETS) {
      if (node.child(key).isPresent()) {
        given.add(key);
      }
    }
    if (given.size() > 1) {
      node.report(String.join(" and ", given) + " are given; keep one of them");
    }
    if (given.isEmpty()) {
      return Optional.empty();
    }
    String key = given.getFirst();
    String value = node.requiredString(key);
    return switch (key) {
      case "passwordFile" -> content(node.child(key), value);
      case "passwordVariable" -> variable(node.child(key), value);
      default -> Optional.of(value);
    };
  }

  private Optional<String> variable(YamlNode node, String name) {
    String value = environment.get(name);
    if (value == null) {
      node.report("the environment has no variable " + name);
    }
    return Optional.ofNullable(value);
  }

  /** The file without the line's end that editors put there. */
  private Optional<String> content(YamlNode node, String name) {
    Path secret = path.resolveSibling(name);
    try {
      return Optional.of(Files.readString(secret).replaceFirst("\\R\\z", ""));
    } catch (IOException e) {
      node.report(secret + " cannot be read; give a file of UTF-8 text with the password alone");
      return Optional.empty();
    }
  }
}
