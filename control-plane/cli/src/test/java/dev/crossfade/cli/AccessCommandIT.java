package dev.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.crossfade.api.v1.Report;
import dev.crossfade.cli.LiveControlPlane.Outcome;
import dev.crossfade.engine.catalog.LensFileCheck;
import dev.crossfade.net.tls.DialerTls;
import dev.crossfade.server.ControlPlane;
import dev.crossfade.server.ControlPlaneSettings;
import dev.crossfade.server.ControlPlaneSettings.Storage;
import dev.crossfade.server.access.NamesFile;
import dev.crossfade.server.access.ServerTls;
import dev.crossfade.sidecar.control.ControlClient;
import dev.crossfade.sidecar.control.ControlLine;
import dev.crossfade.sidecar.control.ControlSettings;
import dev.crossfade.sidecar.control.ControlTiming;
import dev.crossfade.sidecar.control.SidecarIdentity;
import dev.crossfade.testkit.tls.Authority;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ctl} and a sidecar's client at a control plane behind TLS that asks who calls. */
class AccessCommandIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String NAMES =
      "certificates:\n  - {subject: \"CN=root\", name: root, role: admin}\n";

  @TempDir Path folder;

  private final Authority authority = Authority.create("Crossfade tests");

  @SuppressWarnings("NullAway.Init")
  private ControlPlane controlPlane;

  @BeforeEach
  void start() throws Exception {
    authority.issue("control plane", "127.0.0.1").write(folder, "server");
    authority.issue("root").write(folder, "root");
    authority.issue("mallory").write(folder, "mallory");
    Files.writeString(folder.resolve("ca.crt"), authority.pem());
    Files.writeString(folder.resolve("other.crt"), Authority.create("Another").pem());
    Files.writeString(folder.resolve("access.yaml"), NAMES);
    controlPlane =
        ControlPlane.start(
            new ControlPlaneSettings(
                "127.0.0.1",
                0,
                new Storage.Embedded(folder.resolve("data")),
                null,
                null,
                new ControlPlaneSettings.Access(
                    false,
                    NamesFile.load(folder.resolve("access.yaml")),
                    ServerTls.load(
                        new ServerTls.Files(
                            folder.resolve("server.crt"),
                            folder.resolve("server.key"),
                            Optional.of(folder.resolve("ca.crt")))),
                    false)),
            new LensFileCheck());
  }

  @AfterEach
  void stop() {
    controlPlane.close();
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  /** As somebody with a token; empty for nobody. */
  private Outcome as(String token, String... arguments) {
    Map<String, String> environment = new HashMap<>(Map.of("USER", "eve"));
    environment.put("CROSSFADE_CONTROL_PLANE", "127.0.0.1:" + controlPlane.port());
    if (!token.isEmpty()) {
      environment.put("CROSSFADE_TOKEN", token);
    }
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--ca", path("ca.crt")));
    return LiveControlPlane.ctl(environment, all.toArray(String[]::new));
  }

  private Outcome root(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--cert", path("root.crt"), "--key", path("root.key")));
    return as("", all.toArray(String[]::new));
  }

  private String token(String name, String role, String... more) {
    List<String> all = new ArrayList<>(List.of("token", "create", "--name", name, "--role", role));
    all.addAll(List.of(more));
    Outcome made = root(all.toArray(String[]::new));
    assertThat(made.exitCode()).as(made.err()).isZero();
    assertThat(made.out()).matches("cf_[A-Za-z0-9_-]{43}");
    return made.out();
  }

  @Test
  void whoIsWhoAndMayWhatIsToldInOneLine() throws Exception {
    assertThat(root("whoami").out()).startsWith("root (admin), by a certificate that expires at ");
    String vera = token("vera", "viewer");
    assertThat(as(vera, "whoami").out()).startsWith("vera (viewer), by a token that expires at ");
    assertThat(as(vera, "list").exitCode()).isZero();
    Path file = Files.writeString(folder.resolve("m.yaml"), LiveControlPlane.MIGRATION);
    Outcome denied = as(vera, "apply", "-f", file.toString());
    assertThat(denied.exitCode()).isEqualTo(CtlMain.EXIT_REFUSED);
    assertThat(denied.err()).isEqualTo("ctl: vera has the role viewer, and Apply needs operator");
    Outcome nobody = as("", "list");
    assertThat(nobody.exitCode()).isEqualTo(CtlMain.EXIT_REFUSED);
    assertThat(nobody.err()).contains("say who you are").contains("--token-file");
    Outcome stranger = as("", "list", "--cert", path("mallory.crt"), "--key", path("mallory.key"));
    assertThat(stranger.err()).contains("does not name the certificate of \"CN=mallory\"");
  }

  @Test
  void whoChangesIsWhoTheTokenSays() throws Exception {
    String oscar = token("oscar", "operator");
    Path token = Files.writeString(folder.resolve("oscar.token"), oscar + "\n");
    Path file = Files.writeString(folder.resolve("m.yaml"), LiveControlPlane.MIGRATION);
    Outcome applied = as("", "apply", "-f", file.toString(), "--token-file", token.toString());
    assertThat(applied.exitCode()).as(applied.err()).isZero();
    assertThat(as(oscar, "show", "-o", "json").out())
        .contains("\"actor\": \"oscar\"")
        .doesNotContain("eve");
    assertThat(as(oscar, "stage", "DUAL_WRITE", "--actor", "root").exitCode()).isZero();
    assertThat(as(oscar, "show", "-o", "json").out())
        .contains("\"actor\": \"oscar (for root)\"")
        .doesNotContain("\"actor\": \"root\"");
  }

  @Test
  void aTokenIsListedAndRevokedAndThenRefused() {
    String oscar = token("oscar", "operator");
    assertThat(root("token", "list").out()).contains("oscar").contains("live").contains("root");
    assertThat(root("token", "revoke", "1").out()).isEqualTo("token 1 of oscar is revoked");
    assertThat(root("token", "revoke", "1").out()).isEqualTo("token 1 of oscar was revoked before");
    assertThat(as(oscar, "whoami").err()).contains("the token 1 of oscar was revoked");
    assertThat(root("token", "revoke", "7").err()).isEqualTo("ctl: there is no token 7");
    assertThat(root("audit").out()).contains("token.create").containsOnlyOnce("token.revoke");
    assertThat(root("audit", "verify").exitCode()).isZero();
    assertThat(root("token", "create", "--name", "a b", "--role", "viewer").err())
        .contains("1 to 64 letters");
  }

  @Test
  void whatIsWrongWithTheConnectionIsSaid() throws Exception {
    String address = "127.0.0.1:" + controlPlane.port();
    Outcome strange =
        LiveControlPlane.ctl(
            Map.of(), "--control-plane", address, "--ca", path("other.crt"), "list");
    assertThat(strange.exitCode()).isEqualTo(CtlMain.EXIT_UNREACHABLE);
    assertThat(strange.err()).contains("its certificate is not trusted").contains("--ca");
    Outcome plain = LiveControlPlane.ctl(Map.of(), "--control-plane", address, "list");
    assertThat(plain.exitCode()).isEqualTo(CtlMain.EXIT_UNREACHABLE);
    assertThat(plain.err()).contains("--tls");
    Outcome elsewhere =
        LiveControlPlane.ctl(
            Map.of("CROSSFADE_TOKEN", "cf_" + "a".repeat(43)),
            "--control-plane",
            "192.0.2.1:7432",
            "list");
    assertThat(elsewhere.exitCode()).isEqualTo(CtlMain.EXIT_USAGE);
    assertThat(elsewhere.err()).contains("is not sent to 192.0.2.1 in clear text");
    Outcome garbled =
        LiveControlPlane.ctl(
            Map.of("CROSSFADE_TOKEN", "hunter2"), "--control-plane", address, "list");
    assertThat(garbled.err()).contains("CROSSFADE_TOKEN has no token").doesNotContain("hunter2");
  }

  @Test
  void aSidecarThatIsTurnedAwayKeepsWhatItHasAndComesBackWithAnotherToken() throws Exception {
    AtomicReference<Optional<String>> token =
        new AtomicReference<>(Optional.of(token("pods", "sidecar", "--service", "shop")));
    DialerTls tls =
        DialerTls.load(
            new DialerTls.Source(Optional.of(folder.resolve("ca.crt")), Optional.empty(), "h2"));
    Path file = Files.writeString(folder.resolve("m.yaml"), LiveControlPlane.MIGRATION);
    assertThat(root("apply", "-f", file.toString()).exitCode()).isZero();
    try (ControlClient client =
        ControlClient.start(
            new ControlSettings(
                "127.0.0.1",
                controlPlane.port(),
                new SidecarIdentity("shop", "pod-1", "test", List.of("postgresql")),
                folder.resolve("state"),
                ControlTiming.DEFAULT,
                new ControlLine(Optional.of(tls.context()), token::get)),
            snapshot -> Optional.empty(),
            Report::getDefaultInstance,
            new Random(1))) {
      await().atMost(SOON).until(() -> client.status().acceptedVersion() == 1);
      assertThat(root("token", "revoke", "1").exitCode()).isZero();
      await().atMost(SOON).until(() -> client.status().turnedAway());
      assertThat(client.status().connected()).isFalse();
      assertThat(client.status().acceptedVersion()).isEqualTo(1);
      assertThat(client.status().lastFailure())
          .startsWith("UNAUTHENTICATED")
          .contains("of pods was revoked");
      token.set(Optional.of(token("pods", "sidecar", "--service", "shop")));
      await().atMost(SOON).until(() -> client.status().connected());
      assertThat(client.status().turnedAway()).isFalse();
    }
  }
}
