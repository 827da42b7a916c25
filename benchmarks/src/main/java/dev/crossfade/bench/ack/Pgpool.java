package dev.crossfade.bench.ack;

import dev.crossfade.bench.process.ChildProgram;
import dev.crossfade.bench.process.Scratch;
import dev.crossfade.testkit.postgres.EmbeddedServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** pgpool-II in native replication mode: it sends every write to both servers. */
final class Pgpool implements AutoCloseable {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final ChildProgram program;
  private final int port;

  private Pgpool(ChildProgram program, int port) {
    this.program = program;
    this.port = port;
  }

  /**
   * Starts it and returns when it answers.
   *
   * @param clients at once
   * @throws SQLException with what it printed, when it does not
   */
  static Pgpool start(
      Path found, Scratch scratch, EmbeddedServer first, EmbeddedServer second, int clients)
      throws SQLException {
    int port = ChildProgram.freePort();
    String folder = scratch.directory().toString();
    Path config =
        scratch.write(
            "pgpool.conf",
            """
            backend_clustering_mode = 'native_replication'
            listen_addresses = '127.0.0.1'
            port = %d
            unix_socket_directories = '%s'
            pcp_socket_dir = '%s'
            pid_file_name = '%s/pgpool.pid'
            logdir = '%s'
            num_init_children = %d
            max_pool = 1
            enable_pool_hba = off
            load_balance_mode = off
            replicate_select = off
            insert_lock = off
            backend_hostname0 = '%s'
            backend_port0 = %d
            backend_flag0 = 'DISALLOW_TO_FAILOVER'
            backend_hostname1 = '%s'
            backend_port1 = %d
            backend_flag1 = 'DISALLOW_TO_FAILOVER'
            """
                .formatted(
                    port,
                    folder,
                    folder,
                    folder,
                    folder,
                    clients + 8,
                    first.host(),
                    first.port(),
                    second.host(),
                    second.port()));
    Path hba = scratch.write("pool_hba.conf", "host all all 127.0.0.1/32 trust\n");
    Path pcp = scratch.write("pcp.conf", "");
    Pgpool pgpool =
        new Pgpool(
            ChildProgram.start(
                scratch.directory().resolve("pgpool.log"),
                List.of(
                    found.toString(),
                    "-n",
                    "-f",
                    config.toString(),
                    "-a",
                    hba.toString(),
                    "-F",
                    pcp.toString())),
            port);
    try {
      pgpool.awaitAnswer();
      return pgpool;
    } catch (SQLException e) {
      String printed = pgpool.program.printed();
      pgpool.close();
      throw new SQLException("pgpool-II: " + e.getMessage() + "\n" + printed, e);
    }
  }

  private void awaitAnswer() throws SQLException {
    long start = System.nanoTime();
    while (true) {
      try (Connection connection = DriverManager.getConnection(url(EmbeddedServer.SUPERUSER))) {
        if (connection.isValid(5)) {
          return;
        }
      } catch (SQLException e) {
        if (!program.alive() || System.nanoTime() - start > PATIENCE_NANOS) {
          throw e;
        }
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
  }

  String url(String database) {
    return Site.url(port, database);
  }

  @Override
  public void close() {
    program.close();
  }
}
