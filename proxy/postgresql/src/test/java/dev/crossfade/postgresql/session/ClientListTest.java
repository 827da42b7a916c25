package dev.crossfade.postgresql.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.core.fault.CircuitBreaker;
import dev.crossfade.core.migration.Side;
import dev.crossfade.core.route.RouteReason;
import dev.crossfade.net.loop.EventLoops;
import dev.crossfade.net.upstream.Connector;
import dev.crossfade.net.upstream.Endpoint;
import dev.crossfade.postgresql.auth.Credentials;
import dev.crossfade.postgresql.command.Row;
import dev.crossfade.postgresql.inventory.QueryInventory;
import dev.crossfade.postgresql.plan.Routing;
import dev.crossfade.postgresql.wire.StartupPacket;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClientListTest {
  private static final SessionMeters UNCOUNTED =
      new SessionMeters() {
        @Override
        public void routed(String migration, Side side, RouteReason reason) {}

        @Override
        public void answered(String migration, Side side, boolean routable, long nanos) {}

        @Override
        public void erred(String migration, Side side, int errorClass) {}

        @Override
        public void failed(String migration, Side side, int errorClass) {}

        @Override
        public void inProxy(long nanos) {}

        @Override
        public void fellBack(FallbackCause cause) {}

        @Override
        public void acknowledged(String migration, boolean late, long nanos) {}

        @Override
        public QueryInventory inventory() {
          return new QueryInventory(16, System::nanoTime);
        }

        @Override
        public void sessionOpened() {}

        @Override
        public void sessionClosed() {}
      };

  private final EventLoops loops = EventLoops.open(1);
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final Sessions sessions = new Sessions(ClientList.MAX + 10);
  private final List<EmbeddedChannel> clients = new ArrayList<>();

  private final ProxyContext context =
      new ProxyContext(
          new ProxyContext.Servers(
              new Connector(loops, Duration.ofSeconds(1)),
              new Endpoint("127.0.0.1", 1),
              "shop",
              new NewTarget(new Endpoint("127.0.0.1", 1), "shop", new Credentials("app", "")),
              false),
          new Routing(),
          new CircuitBreaker(3, Duration.ofSeconds(1), System::nanoTime),
          (user, migration, tables, privileges) -> ReadPermission.Answer.ALLOWED,
          SessionLimits.DEFAULT,
          UNCOUNTED,
          sessions,
          new MemoryBudget(1000),
          Runnable::run,
          timer,
          null,
          null,
          null,
          null);

  @AfterEach
  void close() {
    clients.forEach(EmbeddedChannel::close);
    loops.close();
    timer.shutdownNow();
  }

  private void open(int count) {
    for (int i = 0; i < count; i++) {
      EmbeddedChannel client = new EmbeddedChannel();
      clients.add(client);
      StartupPacket.Session startup =
          new StartupPacket.Session(Map.of("user", "app", "application_name", "first name"));
      sessions.add(new ClientSession(context, client, new EmbeddedChannel(), startup), null);
    }
  }

  @Test
  void theOldestAreListedAndTheRestAreCounted() {
    open(ClientList.MAX + 3);
    ClientList list = ClientList.ask(sessions);
    clients.forEach(EmbeddedChannel::runPendingTasks);
    assertThat(list.isComplete()).isTrue();
    assertThat(list.answer().rows()).hasSize(ClientList.MAX);
    assertThat(list.answer().rows().getLast().values().getFirst())
        .isEqualTo(Integer.toString(ClientList.MAX));
    assertThat(list.answer().notice())
        .isEqualTo("only the 1000 oldest of 1003 sessions are listed");
  }

  @Test
  void whoseLoopDoesNotAnswerIsListedWithWhatNeverChanges() {
    open(2);
    ClientList list = ClientList.ask(sessions);
    clients.getFirst().runPendingTasks();
    assertThat(list.isComplete()).isFalse();
    Row answered = list.answer().rows().get(0);
    Row silent = list.answer().rows().get(1);
    assertThat(answered.values().get(7)).isEqualTo("client");
    assertThat(silent.values().subList(6, 10)).containsOnlyNulls();
    assertThat(silent.values().subList(1, 4)).containsExactly("app", "app", "first name");
    assertThat(list.answer().notice()).isEmpty();
  }
}
