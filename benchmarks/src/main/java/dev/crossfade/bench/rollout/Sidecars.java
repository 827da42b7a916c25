package dev.crossfade.bench.rollout;

import dev.crossfade.bench.demo.SidecarProcess;
import dev.crossfade.bench.process.Packaged;
import dev.crossfade.bench.process.Scratch;
import dev.crossfade.bench.rollout.replay.Way;
import dev.crossfade.inspect.database.DatabaseUrl;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.Properties;

/**
 * Sidecars of the benchmark's own, one for each share of reads: what the service's sidecars do is
 * left alone. They live by the migration's file, in RAMP, and compare nothing.
 */
final class Sidecars implements AutoCloseable {
  private final Subject subject;
  private final boolean mirrors;
  private final Scratch scratch = Scratch.create("crossfade-rollout-");
  private final Deque<SidecarProcess> started = new ArrayDeque<>();

  /**
   * @param mirrors whether they carry what is written, as the migration's own do
   */
  Sidecars(Subject subject, boolean mirrors) {
    this.subject = subject;
    this.mirrors = mirrors;
    scratch.write("migration.yaml", subject.yaml());
  }

  /** Starts one and returns the way through it. */
  Way start(int percent) {
    String mirror =
        mirrors
            ? "mirror: {old: {user: '%s'}, new: {user: '%s'}}%nparity: {share: 0%%}%nshadow: {share: 0%%}%n"
                .formatted(subject.old().user(), subject.target().user())
            : "";
    String config =
        """
        service: crossfade-bench
        instance: bench-%d
        listen: {host: 127.0.0.1, port: 0}
        admin: {host: 127.0.0.1, port: 0}
        commands: {enabled: true}
        old: %s
        new: %s
        %sstateDirectory: state-%d
        migrations: [{file: migration.yaml, stage: RAMP, reads: %d%%, stickiness: random}]
        """
            .formatted(
                percent, server(subject.old()), server(subject.target()), mirror, percent, percent);
    SidecarProcess sidecar =
        SidecarProcess.start(
            Packaged.SIDECAR.jvm(),
            scratch.write("sidecar-" + percent + ".yaml", config),
            Objects.requireNonNullElse(subject.old().password(), ""),
            Objects.requireNonNullElse(subject.target().password(), ""));
    started.push(sidecar);
    Properties login = subject.old().properties();
    String database = subject.old().place().substring(subject.old().place().indexOf('/') + 1);
    return new Way(
        "sidecar " + percent + "%",
        "jdbc:postgresql://127.0.0.1:" + sidecar.port() + "/" + database,
        login,
        false);
  }

  private static String server(DatabaseUrl url) {
    String place = url.place();
    int slash = place.indexOf('/');
    int colon = place.lastIndexOf(':', slash);
    return "{host: '%s', port: %s, database: '%s', user: '%s'}"
        .formatted(
            place.substring(0, colon),
            place.substring(colon + 1, slash),
            place.substring(slash + 1),
            url.user());
  }

  @Override
  public void close() {
    while (!started.isEmpty()) {
      started.pop().close();
    }
    scratch.close();
  }
}
