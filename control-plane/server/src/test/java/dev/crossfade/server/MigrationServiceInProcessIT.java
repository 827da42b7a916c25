package dev.crossfade.server;

import dev.crossfade.engine.catalog.LensFileCheck;
import dev.crossfade.server.grpc.MigrationGrpc;
import dev.crossfade.server.store.CatalogFeed;
import dev.crossfade.server.store.CatalogStore;
import dev.crossfade.server.store.Database;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
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
    String name = "in-process-" + UUID.randomUUID();
    server =
        InProcessServerBuilder.forName(name)
            .addService(new MigrationGrpc(store, feed, new LensFileCheck()))
            .build()
            .start();
    channel = InProcessChannelBuilder.forName(name).build();
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
