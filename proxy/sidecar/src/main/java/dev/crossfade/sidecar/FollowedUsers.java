package dev.crossfade.sidecar;

import dev.crossfade.postgresql.auth.terminated.Users;
import dev.crossfade.sidecar.config.SidecarConfig;
import dev.crossfade.sidecar.config.SidecarConfig.UserList;
import dev.crossfade.sidecar.config.UsersFile;
import dev.crossfade.sidecar.config.UsersFile.Surroundings;
import dev.crossfade.sql.yaml.InvalidFileException;
import dev.crossfade.sql.yaml.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The users whom the sidecar lets in, as their file has them. {@link #refresh} takes up what has
 * changed, for logins from then on; open sessions stay. Safe on any thread.
 */
final class FollowedUsers implements Supplier<Users> {
  private static final Logger LOG = LoggerFactory.getLogger(FollowedUsers.class);

  private final Path file;
  private final Surroundings surroundings;
  private volatile Users users;
  private String complaint = "";

  private FollowedUsers(Path file, Surroundings surroundings, Users users) {
    this.file = file;
    this.surroundings = surroundings;
    this.users = users;
  }

  /**
   * Reads the file, if clients do not log in to old themselves. Blocks.
   *
   * @param problems gets a line for each thing that is wrong; null is returned then
   */
  static @Nullable FollowedUsers load(SidecarConfig config, List<String> problems) {
    if (config.listen().users().isEmpty()) {
      return null;
    }
    UserList list = config.listen().users().get();
    Surroundings surroundings =
        new Surroundings(config.old(), config.listen().socket().isPresent(), list.environment());
    try {
      Users users = UsersFile.read(list.file(), surroundings);
      return new FollowedUsers(list.file(), surroundings, users);
    } catch (IOException e) {
      problems.add(
          config.source() + " listen.authentication.users: " + Unreadable.text(list.file(), e));
    } catch (InvalidFileException e) {
      e.problems().stream().map(Problem::toString).forEach(problems::add);
    }
    return null;
  }

  @Override
  public Users get() {
    return users;
  }

  /**
   * Reads the file again. What can't be used is logged once, and the users stay who they were.
   * Blocks: never on an event loop.
   */
  synchronized void refresh() {
    try {
      Users read = UsersFile.read(file, surroundings);
      if (!read.equals(users)) {
        users = read;
        LOG.atInfo()
            .addKeyValue("file", file)
            .addKeyValue("users", read.size())
            .log("users reloaded");
      }
      complaint = "";
    } catch (IOException e) {
      complain(Unreadable.text(file, e));
    } catch (InvalidFileException e) {
      complain(String.valueOf(e.getMessage()));
    }
  }

  private void complain(String reason) {
    if (!complaint.equals(reason)) {
      complaint = reason;
      LOG.atWarn().addKeyValue("reason", reason).log("users not reloaded, those before stay");
    }
  }
}
