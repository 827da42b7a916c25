package dev.crossfade.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.server.access.ServerTls;
import dev.crossfade.server.inject.TemplateFile;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Injection as a part of the control plane. */
class InjectIT {
  private static final String TEMPLATE =
      """
      container: {name: crossfade, image: "crossfade/sidecar:1", restartPolicy: Always,
                  startupProbe: {tcpSocket: {port: 6432}}}
      """;

  @TempDir private Path folder = Path.of("");

  @Test
  void itIsServedBesideTheOtherPortsAndCountedWithThem() throws Exception {
    try (AccessScene scene = AccessScene.start()) {
      ServerTls tls =
          ServerTls.load(
              new ServerTls.Files(
                  scene.folder().resolve("server.crt"),
                  scene.folder().resolve("server.key"),
                  Optional.empty()));
      Path template = Files.writeString(folder.resolve("inject.yaml"), TEMPLATE);
      int port =
          scene
              .controlPlane()
              .serveInject(
                  new InjectOptions.Settings(
                      new ListenAddress("127.0.0.1", 0), tls, TemplateFile.read(template)));
      InetSocketAddress admin =
          scene.controlPlane().serveAdmin(new InetSocketAddress("127.0.0.1", 0));
      try (HttpClient client =
          HttpClient.newBuilder()
              .sslContext(scene.authority().clientContext(Optional.empty()))
              .build()) {
        HttpResponse<String> answer =
            client.send(
                HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/inject"))
                    .header("Content-Type", "application/json")
                    .POST(
                        HttpRequest.BodyPublishers.ofString(
                            """
                            {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview",
                             "request": {"uid": "1"}}
                            """))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.body()).contains("\"allowed\":true");
        HttpResponse<String> metrics =
            client.send(
                HttpRequest.newBuilder(URI.create("http:/" + admin + "/metrics")).build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(metrics.body())
            .contains("crossfade_inject_requests_total{outcome=\"untouched\"} 1.0");
      }
    }
  }

  @Test
  void whatItLacksIsSaidBeforeAnythingStarts() throws Exception {
    assertThat(said("--inject", "127.0.0.1:0"))
        .isEqualTo("control-plane: --inject and --inject-template go together\n");
    assertThat(said("--inject", "127.0.0.1:0", "--inject-template", "inject.yaml"))
        .isEqualTo(
            "control-plane: --inject: the API server speaks TLS only; give --tls-cert and"
                + " --tls-key\n");
  }

  @Test
  void aTemplateThatCannotBeUsedIsShownWithItsPlace() throws Exception {
    try (AccessScene scene = AccessScene.start()) {
      Path template =
          Files.writeString(folder.resolve("inject.yaml"), TEMPLATE.replace("Always", "Never"));
      assertThat(
              said(
                  "--tls-cert=" + scene.folder().resolve("server.crt"),
                  "--tls-key=" + scene.folder().resolve("server.key"),
                  "--inject=127.0.0.1:0",
                  "--inject-template=" + template))
          .isEqualTo(
              "control-plane: "
                  + template
                  + ":1:60 container.restartPolicy: \"Never\" does not make it a sidecar, which"
                  + " runs as long as the pod; Always does\n");
    }
  }

  private static String said(String... arguments) {
    StringWriter err = new StringWriter();
    CommandLine command = ControlPlaneMain.commandLine(Map.of());
    command.setErr(new PrintWriter(err, true));
    assertThat(command.execute(arguments)).isEqualTo(2);
    return err.toString();
  }
}
