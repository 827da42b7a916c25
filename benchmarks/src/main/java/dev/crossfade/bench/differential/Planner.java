package dev.crossfade.bench.differential;

import dev.crossfade.bench.data.LensFile;
import dev.crossfade.bench.demo.Site;
import dev.crossfade.core.schema.Catalog;
import dev.crossfade.net.loop.EventLoops;
import dev.crossfade.net.upstream.Connector;
import dev.crossfade.net.upstream.Endpoint;
import dev.crossfade.postgresql.auth.Credentials;
import dev.crossfade.postgresql.catalog.CatalogReader;
import dev.crossfade.postgresql.catalog.Likeness;
import dev.crossfade.postgresql.catalog.MetadataConnection;
import dev.crossfade.postgresql.catalog.MetadataException;
import dev.crossfade.postgresql.catalog.ValidatedPlans;
import dev.crossfade.postgresql.plan.PlanMaker;
import dev.crossfade.postgresql.type.TypeMapping;
import dev.crossfade.sql.lens.CompiledLens;
import dev.crossfade.sql.lens.LensCompiler;
import dev.crossfade.sql.lens.MigrationFile;
import dev.crossfade.sql.lens.StatementAnalyzer;
import dev.crossfade.sql.yaml.InvalidFileException;
import dev.crossfade.testkit.postgres.EmbeddedServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The part of a sidecar that makes plans, with its connections to both servers. */
final class Planner implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private final EventLoops loops = EventLoops.open(1);
  private final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
  private final MetadataConnection old;
  private final MetadataConnection target;

  Planner(Site site) {
    this.old = metadata(site.old());
    this.target = metadata(site.target());
  }

  private MetadataConnection metadata(EmbeddedServer server) {
    Endpoint endpoint = new Endpoint(server.host(), server.port());
    if (!endpoint.refresh()) {
      throw new IllegalStateException("no address for " + server.host());
    }
    Credentials credentials = new Credentials(Site.SIDECAR.user(), Site.SIDECAR.password());
    return new MetadataConnection(
        new Connector(loops, TIMEOUT),
        loops.group().next(),
        blocking,
        new MetadataConnection.Target(endpoint, Site.DATABASE, credentials),
        TIMEOUT);
  }

  /**
   * Plans by a lens that is compiled against both catalogs.
   *
   * @throws IllegalStateException when it does not fit them
   */
  PlanMaker plans(LensFile lens) {
    try {
      List<String> unlike = Likeness.differences(old, target);
      if (!unlike.isEmpty()) {
        throw new IllegalStateException("the servers are not alike: " + unlike);
      }
      Catalog catalog = CatalogReader.read(old);
      MigrationFile file = MigrationFile.parse(lens.yaml(), lens.name());
      CompiledLens compiled = LensCompiler.compile(file, catalog, CatalogReader.read(target));
      TypeMapping types =
          new TypeMapping(CatalogReader.readTypes(old), CatalogReader.readTypes(target));
      return new ValidatedPlans(
          new StatementAnalyzer(List.of(compiled), catalog), old, target, types);
    } catch (InvalidFileException e) {
      throw new IllegalStateException(String.valueOf(e.problems()), e);
    } catch (MetadataException e) {
      throw new IllegalStateException(e.reason(), e);
    }
  }

  @Override
  public void close() {
    old.close();
    target.close();
    blocking.close();
    loops.close();
  }
}
