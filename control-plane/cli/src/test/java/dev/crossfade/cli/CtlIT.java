package dev.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.JsonFormat;
import dev.crossfade.api.v1.GetResponse;
import dev.crossfade.api.v1.ListResponse;
import dev.crossfade.api.v1.Stage;
import dev.crossfade.cli.LiveControlPlane.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class CtlIT {
  private static final String NOT_COMPARED = "catalogs: not compared; --old and --new do it";

  private LiveControlPlane live;

  @BeforeEach
  void start() throws Exception {
    live = LiveControlPlane.start();
  }

  @AfterEach
  void stop() {
    live.close();
  }

  @Test
  void aMigrationIsMovedFromTheCommandLine() throws Exception {
    said("no migrations yet: add one with 'crossfade ctl apply -f FILE'", "list");
    String file = live.file(LiveControlPlane.MIGRATION).toString();
    said(
        "migration 'split-customers' is in the catalog, in stage OFF\n" + NOT_COMPARED,
        "migration",
        "apply",
        "-f",
        file);
    said("migration 'split-customers' already has this file\n" + NOT_COMPARED, "apply", "-f", file);
    said("migration 'split-customers' is in DUAL_WRITE: reads are old's", "stage", "dual-write");
    said(
        "migration 'split-customers' is in SHADOW: reads are old's",
        "migration",
        "stage",
        "split-customers",
        "SHADOW");
    said(
        "reads of migration 'split-customers' on new: 25%, in force only in stage RAMP (it is in"
            + " SHADOW: all reads are old's)",
        "reads", "25%");
    said(
        "migration 'split-customers' is in RAMP: new answers the read share (25%)",
        "stage", "RAMP");
    said(
        "reads of migration 'split-customers' on new: 0.5%, in force",
        "reads", "split-customers", "0.5", "--sticky", "entity", "--reason", "carefully");

    Outcome list = live.ctl("migration", "list");
    assertThat(list.out().lines().toList().get(0))
        .startsWith("NAME             STAGE  READS ON NEW  IN FORCE");
    assertThat(list.out().lines().toList().get(1))
        .startsWith("split-customers  RAMP   0.5%          0.5%      entity");
    Outcome show = live.ctl("show");
    assertThat(show.out())
        .contains("reads on new  0.5% asked, 0.5% in force, sticky by entity")
        .containsPattern("6 .* ada +reads +RAMP 25% +RAMP 0.5% +carefully");
    assertThat(live.ctl("show", "--file").out())
        .isEqualTo(LiveControlPlane.MIGRATION.stripTrailing());

    said(
        "migration 'split-customers' is in DUAL_WRITE: all reads are old's again",
        "rollback",
        "--to",
        "DUAL_WRITE",
        "--reason",
        "errors");
    said(
        "migration 'split-customers' promises reads that are bounded:500ms, and writes that are"
            + " acknowledged async",
        "consistency",
        "--freshness",
        "bounded:500ms");
    said(
        "migration 'split-customers' promises reads that are bounded:500ms, and writes that are"
            + " acknowledged mirrored",
        "migration",
        "consistency",
        "split-customers",
        "--ack",
        "mirrored");
    assertThat(live.ctl("show").out())
        .contains("consistency   reads bounded:500ms, writes acknowledged mirrored");
    said(
        "migration 'split-customers' is in OFF: reads are old's",
        "migration",
        "rollback",
        "split-customers");
    said("no sidecars", "sidecars");
  }

  private void said(String expected, String... arguments) {
    Outcome outcome = live.ctl(arguments);
    assertThat(outcome).isEqualTo(new Outcome(0, expected, ""));
  }

  @Test
  void jsonIsTheMessageOfTheApi() throws Exception {
    live.ctl("apply", "-f", live.file(LiveControlPlane.MIGRATION).toString());
    ListResponse.Builder list = ListResponse.newBuilder();
    JsonFormat.parser().merge(live.ctl("list", "-o", "json").out(), list);
    assertThat(list.getMigrations(0).getStage()).isEqualTo(Stage.STAGE_OFF);
    GetResponse.Builder get = GetResponse.newBuilder();
    JsonFormat.parser()
        .merge(live.ctl("-o", "json", "migration", "show", "split-customers").out(), get);
    assertThat(get.getHistory(0).getActor()).isEqualTo("ada");
    assertThat(live.ctl("reads", "1%", "-o=json").out()).contains("\"changed\": true");
  }

  @Test
  void whatIsRefusedIsOneLineAndOne() throws Exception {
    live.ctl("apply", "-f", live.file(LiveControlPlane.MIGRATION).toString());
    failed(1, "ctl: there is no migration 'nix'", "show", "nix");
    failed(
        1,
        "ctl: migration 'split-customers' cannot go from OFF to LIVE in one step: the next stage"
            + " forward is DUAL_WRITE",
        "stage",
        "LIVE");
    failed(
        1,
        "ctl: migration 'split-customers' is at version 1, not at the expected version 9: read it"
            + " again, then decide again",
        "reads",
        "1%",
        "--if-version",
        "9");
    failed(2, "ctl: 'now' is no ack: write async or mirrored", "consistency", "--ack", "now");
    failed(2, "ctl: give --freshness, --ack or both", "consistency");
    Outcome broken = live.ctl("apply", "-f", live.file("apiVersion: nothing").toString());
    assertThat(broken.exitCode()).isEqualTo(1);
    assertThat(broken.err()).contains("apiVersion");
    String wrong = LiveControlPlane.MIGRATION.replace("FROM people", "FROM people WHERE");
    Outcome uncompiled = live.ctl("apply", "-f", live.file(wrong).toString());
    assertThat(uncompiled.exitCode()).isEqualTo(1);
    assertThat(uncompiled.err()).containsPattern("migration.*\\.yaml.*\\b10\\b");
  }

  @Test
  void wrongUsageIsTwo() throws Exception {
    failed(2, "ctl: there is no migration yet: add one with 'ctl apply -f FILE'", "reads", "1%");
    failed(2, "ctl: there is no file nowhere.yaml", "apply", "-f", "nowhere.yaml");
    failed(
        2,
        "ctl: 'foo' is no stage: write OFF, DUAL_WRITE, SHADOW, RAMP, LIVE, RAMPDOWN or COMPLETE",
        "stage",
        "foo");
    failed(
        2,
        "ctl: '100.0001' is no percentage: write a number from 0 to 100 with at most three"
            + " decimals, such as 25%",
        "reads",
        "100.0001");
    failed(
        2,
        "ctl: 'here' is no address: write HOST:PORT, such as 127.0.0.1:7432",
        "--control-plane",
        "here",
        "list");
    live.ctl("apply", "-f", live.file(LiveControlPlane.MIGRATION).toString());
    live.ctl(
        "apply", "-f", live.file(LiveControlPlane.MIGRATION.replace("split-", "join-")).toString());
    failed(
        2,
        "ctl: there are 2 migrations, so NAME is needed: join-customers, split-customers",
        "reads",
        "1%");
    for (String[] arguments :
        new String[][] {{}, {"frob"}, {"migration"}, {"apply"}, {"list", "--nope"}, {"reads"}}) {
      Outcome outcome = live.ctl(arguments);
      assertThat(outcome.exitCode()).as(String.join(" ", arguments)).isEqualTo(2);
      assertThat(outcome.err()).isNotEmpty();
    }
  }

  @Test
  void whoCannotBeReachedIsThree() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    failed(
        3,
        "ctl: the control plane at 127.0.0.1:" + port + " cannot be reached: Connection refused",
        "--control-plane",
        "127.0.0.1:" + port,
        "list");
    failed(
        3,
        "ctl: the control plane at no-such-host.invalid:1 cannot be reached",
        "list",
        "--control-plane=no-such-host.invalid:1");
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.startVirtualThread(() -> answerLikeAWebServer(other));
      Outcome outcome = live.ctl("list", "--control-plane", "127.0.0.1:" + other.getLocalPort());
      assertThat(outcome.exitCode()).isEqualTo(3);
      assertThat(outcome.err().lines().count()).isEqualTo(1);
    }
  }

  private static void answerLikeAWebServer(ServerSocket server) {
    try (Socket socket = server.accept()) {
      socket
          .getOutputStream()
          .write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n".getBytes("US-ASCII"));
      socket.getInputStream().readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void failed(int exitCode, String line, String... arguments) {
    Outcome outcome = live.ctl(arguments);
    assertThat(outcome.exitCode()).as(outcome.toString()).isEqualTo(exitCode);
    assertThat(outcome.err()).startsWith(line).doesNotContain("\n");
    assertThat(outcome.out()).isEmpty();
  }

  @Test
  void everyCommandHasHelpWithAnExample() {
    List<String> seen = new ArrayList<>();
    help(CtlMain.commandLine(Map.of()), seen);
    assertThat(seen).hasSize(65);
  }

  private static void help(CommandLine command, List<String> seen) {
    seen.add(command.getCommandSpec().qualifiedName());
    assertThat(command.getUsageMessage())
        .as(command.getCommandName())
        .contains("Example")
        .contains("  crossfade ctl");
    command.getSubcommands().values().stream().distinct().forEach(child -> help(child, seen));
  }
}
