package dev.crossfade.bench.overhead;

import dev.crossfade.bench.overhead.WireConnection.Endpoint;
import dev.crossfade.bench.process.ChildProgram;
import dev.crossfade.bench.process.Scratch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Other people's proxies, each in the configuration that does the least. */
enum Proxy {
  /** One client, one server connection for the whole session; no transaction pooling. */
  PGBOUNCER("PgBouncer", "pgbouncer", "pgbouncer", "--version") {
    @Override
    List<String> command(Path program, Scratch scratch, Endpoint server, int port) {
      scratch.write("users.txt", "\"%s\" \"\"\n".formatted(server.user()));
      Path config =
          scratch.write(
              "pgbouncer.ini",
              """
              [databases]
              %s = host=%s port=%d dbname=%s
              [pgbouncer]
              listen_addr = 127.0.0.1
              listen_port = %d
              auth_type = trust
              auth_file = %s
              pool_mode = session
              default_pool_size = 5000
              max_client_conn = 5000
              unix_socket_dir =
              """
                  .formatted(
                      server.database(),
                      server.host(),
                      server.port(),
                      server.database(),
                      port,
                      scratch.directory().resolve("users.txt")));
      List<String> command = new ArrayList<>(List.of(program.toString(), "-q"));
      if (System.getProperty("user.name").equals("root")) {
        command.addAll(List.of("-u", "nobody"));
      }
      command.add(config.toString());
      return command;
    }
  },
  /** Bytes only. */
  HAPROXY("HAProxy", "haproxy", "haproxy", "-v") {
    @Override
    List<String> command(Path program, Scratch scratch, Endpoint server, int port) {
      Path config =
          scratch.write(
              "haproxy.cfg",
              """
              global
                maxconn 5000
              defaults
                mode tcp
                timeout connect 5s
                timeout client 1h
                timeout server 1h
              listen postgresql
                bind 127.0.0.1:%d
                server old %s:%d
              """
                  .formatted(port, server.host(), server.port()));
      return List.of(program.toString(), "-q", "-db", "-f", config.toString());
    }
  },
  /** Parses what it relays; one server, no replication, no balancing. */
  PGPOOL("pgpool-II", "pgpool", "pgpool2", "--version") {
    @Override
    List<String> command(Path program, Scratch scratch, Endpoint server, int port) {
      String folder = scratch.directory().toString();
      Path config =
          scratch.write(
              "pgpool.conf",
              """
              backend_clustering_mode = 'raw'
              listen_addresses = '127.0.0.1'
              port = %d
              unix_socket_directories = '%s'
              pcp_socket_dir = '%s'
              pid_file_name = '%s/pgpool.pid'
              logdir = '%s'
              num_init_children = 120
              backend_hostname0 = '%s'
              backend_port0 = %d
              enable_pool_hba = off
              """
                  .formatted(port, folder, folder, folder, folder, server.host(), server.port()));
      Path hba = scratch.write("pool_hba.conf", "host all all 127.0.0.1/32 trust\n");
      Path pcp = scratch.write("pcp.conf", "");
      return List.of(
          program.toString(),
          "-n",
          "-f",
          config.toString(),
          "-a",
          hba.toString(),
          "-F",
          pcp.toString());
    }
  };

  private final String label;
  private final String program;
  private final String debianPackage;
  private final String versionOption;

  Proxy(String label, String program, String debianPackage, String versionOption) {
    this.label = label;
    this.program = program;
    this.debianPackage = debianPackage;
    this.versionOption = versionOption;
  }

  String label() {
    return label;
  }

  String debianPackage() {
    return debianPackage;
  }

  /** For options. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  Optional<Path> installed() {
    return ChildProgram.find(program);
  }

  /** What it says of itself; empty where it is not installed. */
  Optional<String> version() {
    return installed()
        .flatMap(found -> ChildProgram.firstLine(List.of(found.toString(), versionOption)));
  }

  /** Whether thousands of clients are possible without as many processes of its own. */
  boolean takesManyClients() {
    return this != PGPOOL;
  }

  abstract List<String> command(Path program, Scratch scratch, Endpoint server, int port);

  /** Starts it before this server; it may not take clients yet. */
  Running start(Path found, Scratch scratch, Endpoint server) {
    int port = ChildProgram.freePort();
    Path log = scratch.directory().resolve(program + "." + port + ".log");
    ChildProgram child = ChildProgram.start(log, command(found, scratch, server, port));
    return new Running(child, new Endpoint("127.0.0.1", port, server.user(), server.database()));
  }

  /** A started proxy and where it listens. */
  record Running(ChildProgram program, Endpoint endpoint) {}
}
