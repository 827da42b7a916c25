package dev.crossfade.server;

import dev.crossfade.engine.catalog.LensFileCheck;
import dev.crossfade.server.grpc.MigrationGrpc;
import dev.crossfade.server.grpc.MoveCalls;
import dev.crossfade.server.move.Mover;
import dev.crossfade.server.store.CatalogFeed;
import dev.crossfade.server.store.CatalogStore;
import dev.crossfade.server.store.Database;
import dev.crossfade.server.store.Evidence;
import dev.crossfade.server.store.MoveStore;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class MigrationServiceInProcessIT extends MigrationServiceContract {
  private Database database;
  private CatalogFeed feed;
  private Server server;
  private ManagedChannel channel;

  @BeforeEach
  void start() throws Exception {
    database = Database.open(TestDatabases.create());
    CatalogStore store = new CatalogStore(database.pool());
    feed = new CatalogFeed(store, database::connectToListen);
    feed.start();
    MoveStore moves = new MoveStore(database.pool(), "nobody", Duration.ofSeconds(15));
    String name = "in-process-" + UUID.randomUUID();
    server =
        InProcessServerBuilder.forName(name)
            .addService(
                new MigrationGrpc(
                    store,
                    feed,
                    Evidence.in(database.pool()),
                    new LensFileCheck(),
                    new MoveCalls(moves, nobody())))
            .build()
            .start();
    channel = InProcessChannelBuilder.forName(name).build();
  }

  /** It does no moves. */
  private static Mover nobody() {
    return new Mover() {
      @Override
      public Optional<String> obstacle(String migration) {
        return Optional.of("nobody does moves");
      }

      @Override
      public void kick() {}
    };
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.shutdownNow();
    feed.close();
    database.close();
  }

  @Override
  Channel channel() {
    return channel;
  }
}
