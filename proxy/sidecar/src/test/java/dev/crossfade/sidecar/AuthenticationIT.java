package dev.crossfade.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.sidecar.config.ConfigFile;
import dev.crossfade.testkit.postgres.Authentication;
import dev.crossfade.testkit.postgres.EmbeddedServer;
import dev.crossfade.testkit.wire.Frame;
import dev.crossfade.testkit.wire.FrameText;
import dev.crossfade.testkit.wire.Messages;
import dev.crossfade.testkit.wire.WireClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Who a client is, is between it and old: the sidecar passes the login through, and replication
 * with all it says.
 */
class AuthenticationIT {
  private static final String[][] ROLES = {
    {"by_scram", "s ecret"}, {"by_md5", "m'd5"}, {"in_clear", "clear"}
  };

  private static EmbeddedServer server;
  private static Sidecar sidecar;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    server =
        EmbeddedServer.builder()
            .setting("wal_level", "logical")
            .role("by_scram", "s ecret", Authentication.SCRAM)
            .role("by_md5", "m'd5", Authentication.MD5)
            .role("in_clear", "clear", Authentication.CLEARTEXT)
            .start();
    server.execute("ALTER ROLE by_scram REPLICATION");
    String config =
        """
        service: shop
        listen: {host: 127.0.0.1, port: 0}
        admin: {host: 127.0.0.1, port: 0}
        old: {port: %1$d, database: postgres, user: postgres}
        new: {port: %1$d, database: postgres, user: postgres}
        controlPlane: {host: 127.0.0.1, port: 1}
        """
            .formatted(server.port());
    sidecar =
        Sidecar.start(
            ConfigFile.parse(config, folder.resolve("sidecar.yaml").toString(), Map.of()));
  }

  @AfterAll
  static void stop() {
    sidecar.close();
    server.close();
  }

  private static InetSocketAddress direct() {
    return new InetSocketAddress(server.host(), server.port());
  }

  private static List<Frame> login(
      InetSocketAddress address, Map<String, String> parameters, String password)
      throws IOException {
    try (WireClient client = WireClient.connect(address.getHostString(), address.getPort())) {
      List<Frame> heard = new ArrayList<>(client.login(parameters, password));
      if (heard.getLast().type() == 'Z') {
        heard.addAll(client.query("SELECT current_user, current_setting('application_name')"));
      } else {
        heard.addAll(client.readUntilClosed());
      }
      return heard;
    }
  }

  private static Map<String, String> parameters(String... pairs) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      parameters.put(pairs[i], pairs[i + 1]);
    }
    return parameters;
  }

  @Test
  void everyMethodPassesThrough() throws IOException {
    for (String[] role : ROLES) {
      Map<String, String> parameters =
          parameters("user", role[0], "database", "postgres", "application_name", "it");
      List<Frame> expected = login(direct(), parameters, role[1]);
      assertThat(FrameText.of(expected)).contains("D '" + role[0] + "' 'it'");
      GoldenTranscriptIT.assertSame(expected, login(sidecar.address(), parameters, role[1]));
    }
  }

  @Test
  void theServerRefusesInItsOwnWords() throws IOException {
    for (String[] role : ROLES) {
      Map<String, String> parameters = parameters("user", role[0], "database", "postgres");
      List<Frame> expected = login(direct(), parameters, "wrong");
      assertThat(expected.getLast().sqlState()).isEqualTo("28P01");
      GoldenTranscriptIT.assertSame(expected, login(sidecar.address(), parameters, "wrong"));
    }
    Map<String, String> nowhere = parameters("user", "by_scram", "database", "no such database");
    GoldenTranscriptIT.assertSame(
        login(direct(), nowhere, "s ecret"), login(sidecar.address(), nowhere, "s ecret"));
  }

  @Test
  void startupOptionsPassThrough() throws IOException {
    Map<String, String> parameters =
        parameters(
            "user",
            "by_scram",
            "database",
            "postgres",
            "options",
            "-c work_mem=7MB -c DateStyle=German",
            "client_encoding",
            "LATIN1",
            "_pq_.unknown",
            "1");
    GoldenTranscriptIT.assertSame(
        login(direct(), parameters, "s ecret"), login(sidecar.address(), parameters, "s ecret"));
  }

  /** A script that writes all it has to say and then waits for the answers. */
  @Test
  void whatIsSentAtOnceIsAnsweredAlthoughNothingFollows() throws IOException {
    List<Frame> expected = sayAtOnce(direct());
    assertThat(FrameText.of(expected)).contains("D 'early'");
    GoldenTranscriptIT.assertSame(expected, sayAtOnce(sidecar.address()));
  }

  private static List<Frame> sayAtOnce(InetSocketAddress address) throws IOException {
    try (WireClient client = WireClient.connect(address.getHostString(), address.getPort())) {
      client.send(
          Messages.startup(parameters("user", "postgres", "database", "postgres")),
          Messages.query("SELECT 'early'"));
      client.shutdownOutput();
      return client.readUntilClosed();
    }
  }

  @Test
  void replicationPassesThroughBothWays() throws IOException, SQLException {
    server.execute(
        "DROP PUBLICATION IF EXISTS everything", "CREATE PUBLICATION everything FOR ALL TABLES");
    String direct = replicate(direct());
    assertThat(direct)
        .contains("W format=0")
        .contains("C CREATE_REPLICATION_SLOT")
        .contains("replicated");
    assertThat(replicate(sidecar.address())).isEqualTo(direct);
  }

  /**
   * A logical slot is read until a change comes by; the client ends the stream. Positions are left
   * out.
   */
  private static String replicate(InetSocketAddress address) throws IOException, SQLException {
    List<Frame> heard = new ArrayList<>();
    try (WireClient client = WireClient.connect(address.getHostString(), address.getPort())) {
      client.login(
          parameters("user", "by_scram", "database", "postgres", "replication", "database"),
          "s ecret");
      heard.addAll(client.query("SHOW wal_level"));
      List<Frame> created =
          client.query(
              "CREATE_REPLICATION_SLOT it TEMPORARY LOGICAL pgoutput (SNAPSHOT 'nothing')");
      heard.add(created.get(2));
      client.send(
          Messages.query(
              "START_REPLICATION SLOT it LOGICAL 0/0 (proto_version '1', publication_names"
                  + " 'everything', messages 'true')"));
      heard.addAll(client.readUntil("W"));
      server.execute("SELECT pg_logical_emit_message(true, 'it', 'replicated')");
      String change = "";
      while (!change.contains("replicated")) {
        change = new String(client.readUntil("d").getLast().body(), StandardCharsets.ISO_8859_1);
      }
      client.send(Messages.copyDone());
      heard.addAll(client.readUntilReady().stream().filter(frame -> frame.type() != 'd').toList());
      return FrameText.of(heard) + "\n" + change.substring(change.indexOf("replicated"));
    }
  }
}
