package dev.crossfade.sidecar.config;

import dev.crossfade.net.secret.LocalSecrets;
import dev.crossfade.postgresql.auth.Credentials;
import dev.crossfade.postgresql.auth.terminated.KnownUser;
import dev.crossfade.postgresql.auth.terminated.ScramVerifier;
import dev.crossfade.postgresql.auth.terminated.Users;
import dev.crossfade.sidecar.config.SidecarConfig.Server;
import dev.crossfade.sql.yaml.InvalidFileException;
import dev.crossfade.sql.yaml.SecretNode;
import dev.crossfade.sql.yaml.YamlNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Reads the file of the users that the sidecar lets in.
 *
 * <pre>
 * users:
 *   - name: what the client says
 *     verifier: SCRAM-SHA-256$4096:salt$StoredKey:ServerKey
 *     peer: a system user, by name or number
 *     old: {user: who the sidecar is on old, password | passwordFile | passwordVariable: its secret}
 * </pre>
 */
public final class UsersFile {
  private final Path file;
  private final Surroundings surroundings;
  private final SystemUsers systemUsers;

  /**
   * What the file's meaning depends on.
   *
   * @param old with the sidecar's own login there
   * @param socket whether there is a UNIX socket that peers could come by
   * @param environment may carry secrets
   */
  public record Surroundings(Server old, boolean socket, Map<String, String> environment) {}

  private UsersFile(Path file, Surroundings surroundings, SystemUsers systemUsers) {
    this.file = file;
    this.surroundings = surroundings;
    this.systemUsers = systemUsers;
  }

  /**
   * Reads the file and the secrets that it names. Blocks.
   *
   * @throws IOException when the file itself cannot be read
   * @throws InvalidFileException with everything that is wrong with it
   */
  public static Users read(Path file, Surroundings surroundings)
      throws IOException, InvalidFileException {
    YamlNode root = YamlNode.parse(Files.readString(file), file.toString());
    return new UsersFile(file, surroundings, SystemUsers.read(SystemUsers.FILE)).users(root);
  }

  private Users users(YamlNode root) throws InvalidFileException {
    root.allowKeys("users");
    List<YamlNode> items = root.requiredChild("users").items();
    if (items.isEmpty() && root.isSound()) {
      root.child("users").report("empty; nobody could log in");
    }
    List<KnownUser> users = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (YamlNode item : items) {
      KnownUser user = user(item);
      if (!names.add(user.name())) {
        item.child("name").report("\"" + user.name() + "\" is given twice; keep one of them");
      }
      users.add(user);
    }
    root.finish();
    return new Users(users);
  }

  private KnownUser user(YamlNode node) {
    node.allowKeys("name", "verifier", "peer", "old");
    String name = node.requiredString("name");
    Optional<String> peer = node.optionalString("peer");
    if (peer.isEmpty() && !node.child("verifier").isPresent()) {
      node.report("neither verifier nor peer is given; nothing would let this user in");
    }
    return new KnownUser(name, verifier(node), peer(node), old(node.child("old"), name));
  }

  private static Optional<ScramVerifier> verifier(YamlNode node) {
    Optional<String> text = node.optionalString("verifier");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(ScramVerifier.parse(text.get()));
    } catch (IllegalArgumentException e) {
      node.child("verifier").report(String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private OptionalInt peer(YamlNode node) {
    Optional<String> user = node.optionalString("peer");
    if (user.isEmpty()) {
      return OptionalInt.empty();
    }
    if (!surroundings.socket()) {
      node.child("peer").report("nobody could come as a peer; set listen.socket");
    }
    OptionalInt number = systemUsers.number(user.get());
    if (number.isEmpty()) {
      node.child("peer")
          .report(
              "\""
                  + user.get()
                  + "\" is not in "
                  + SystemUsers.FILE
                  + "; give the system user's number");
    }
    return number;
  }

  /** Who the sidecar is on old: the role of the same name, if nothing else is said. */
  private Credentials old(YamlNode node, String name) {
    node.allowKeys("user", "password", "passwordFile", "passwordVariable");
    String user = node.optionalString("user", name);
    Server own = surroundings.old();
    String otherwise = user.equals(own.user()) ? own.password() : "";
    Optional<String> given =
        SecretNode.password(node, new LocalSecrets(folder(), surroundings.environment()));
    return new Credentials(user, given.orElse(otherwise));
  }

  private Path folder() {
    return Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of("."));
  }
}
