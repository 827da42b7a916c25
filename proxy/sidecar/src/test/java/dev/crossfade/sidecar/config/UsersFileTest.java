package dev.crossfade.sidecar.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.net.tls.ConnectorTls;
import dev.crossfade.postgresql.auth.Credentials;
import dev.crossfade.postgresql.auth.terminated.KnownUser;
import dev.crossfade.postgresql.auth.terminated.Users;
import dev.crossfade.sidecar.config.SidecarConfig.Address;
import dev.crossfade.sidecar.config.SidecarConfig.Server;
import dev.crossfade.sidecar.config.SidecarConfig.ServerTls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The mistakes that can be made in the file are with those of all other files. */
class UsersFileTest {
  private static final Server OLD =
      new Server(
          new Address("127.0.0.1", 5432),
          new ServerTls(ConnectorTls.Mode.DISABLE, Optional.empty()),
          "shop",
          "crossfade",
          "own secret");

  @TempDir private Path folder;

  private Users read(String text) throws Exception {
    Path file = Files.writeString(folder.resolve("users.yaml"), text);
    return UsersFile.read(
        file, new UsersFile.Surroundings(OLD, true, Map.of("SHOP_RO_PASSWORD", "of variable")));
  }

  private static Credentials old(Users users, String name) {
    return user(users, name).old();
  }

  private static KnownUser user(Users users, String name) {
    return Objects.requireNonNull(users.find(name));
  }

  @Test
  void secretsComeFromFourPlaces() throws Exception {
    Files.writeString(folder.resolve("one.secret"), " of file \n");
    Users users =
        read(
            """
            users:
              - {name: a, peer: 0, old: {user: role, password: in place}}
              - {name: b, peer: 0, old: {passwordFile: one.secret}}
              - {name: c, peer: 0, old: {passwordVariable: SHOP_RO_PASSWORD}}
              - {name: d, peer: 0, old: {user: crossfade}}
              - {name: crossfade, peer: 0}
              - {name: e, peer: 0}
            """);
    assertThat(users.size()).isEqualTo(6);
    assertThat(old(users, "a")).isEqualTo(new Credentials("role", "in place"));
    assertThat(old(users, "b")).isEqualTo(new Credentials("b", " of file "));
    assertThat(old(users, "c")).isEqualTo(new Credentials("c", "of variable"));
    assertThat(old(users, "d")).isEqualTo(new Credentials("crossfade", "own secret"));
    assertThat(old(users, "crossfade")).isEqualTo(new Credentials("crossfade", "own secret"));
    assertThat(old(users, "e")).isEqualTo(new Credentials("e", ""));
    assertThat(users.find("f")).isNull();
    assertThat(user(users, "a").toString() + users).doesNotContain("in place");
  }

  @Test
  void verifiersNeedNoQuotes() throws Exception {
    String key = "/".repeat(42) + "8=";
    Users users =
        read(
            """
            users:
              - name: shop
                verifier: SCRAM-SHA-256$4096:c2FsdA==$%1$s:%1$s
            """
                .formatted(key));
    assertThat(user(users, "shop").verifier().orElseThrow().iterations()).isEqualTo(4096);
    assertThat(user(users, "shop").peer()).isEmpty();
  }

  @Test
  void systemUsersAreNamedOrNumbered() throws Exception {
    Path passwd =
        Files.writeString(
            folder.resolve("passwd"),
            """
            root:x:0:0:root:/root:/bin/sh
            # nothing:x:1
            batchd:x:1001:1001:B\u00e4tch:/:/bin/false
            batchd:x:1002:1002::/:/bin/false
            1001:x:1003:1003::/:/bin/false
            odd:x:nought:0::/:
            """);
    SystemUsers users = SystemUsers.read(passwd);
    assertThat(users.number("root")).isEqualTo(OptionalInt.of(0));
    assertThat(users.number("batchd")).isEqualTo(OptionalInt.of(1001));
    assertThat(users.number("1001")).isEqualTo(OptionalInt.of(1003));
    assertThat(users.number("65533")).isEqualTo(OptionalInt.of(65_533));
    assertThat(users.number("4294967294")).isEqualTo(OptionalInt.of(-2));
    assertThat(users.number("4294967295")).isEmpty();
    assertThat(users.number("odd")).isEmpty();
    assertThat(users.number("-1")).isEmpty();
    assertThat(users.number("")).isEmpty();
    assertThat(SystemUsers.read(folder.resolve("none")).number("root")).isEmpty();
    assertThat(SystemUsers.read(folder.resolve("none")).number("7")).isEqualTo(OptionalInt.of(7));
  }
}
