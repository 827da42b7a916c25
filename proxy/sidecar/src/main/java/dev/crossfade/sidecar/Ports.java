package dev.crossfade.sidecar;

import dev.crossfade.net.admin.AdminServer;
import dev.crossfade.net.handover.HandoverPort;
import dev.crossfade.net.handover.Heirloom;
import dev.crossfade.net.listen.Listener;
import dev.crossfade.net.listen.SocketListener;
import dev.crossfade.net.loop.EventLoops;
import dev.crossfade.postgresql.session.EncryptionPolicy;
import dev.crossfade.postgresql.session.ProxyContext;
import dev.crossfade.postgresql.session.StartupHandler;
import dev.crossfade.sidecar.config.SidecarConfig;
import io.netty.channel.ChannelHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the sidecar listens: for clients, who wait until they are let in, and for its admins. What
 * it listens with for clients may come from another process, and may go to one.
 */
final class Ports implements HandoverPort.Estate {
  private static final Logger LOG = LoggerFactory.getLogger(Ports.class);
  private static final String TCP = "tcp:";
  private static final String LOCAL = "local:";

  private final EventLoops loops;
  private final Told told;
  private final String source;
  private final Listener listener;
  private final @Nullable SocketListener socket;
  private volatile InetSocketAddress adminAddress;
  private volatile @Nullable AdminServer admin;

  private Ports(Place place, Listener listener, @Nullable SocketListener socket) {
    this.loops = place.loops();
    this.told = place.told();
    this.source = place.config().source();
    this.adminAddress = place.admin();
    this.listener = listener;
    this.socket = socket;
  }

  /**
   * What the admin port tells.
   *
   * @param ready whether clients are let in
   * @param notice what is to be told beside that; empty for nothing
   * @param drained waits, bounded, until the last client has left
   */
  record Told(
      BooleanSupplier ready,
      Supplier<String> notice,
      Supplier<String> metrics,
      Supplier<String> drained) {}

  /** What all listeners need. */
  private record Place(
      SidecarConfig config, EventLoops loops, InetSocketAddress admin, Told told) {}

  /** Whom the listeners let in. */
  private record Doors(Supplier<ChannelHandler> tcp, Supplier<ChannelHandler> local) {
    static Doors of(ProxyContext context, Transport transport) {
      return new Doors(
          () -> new StartupHandler(context, transport.clients(), transport.users()),
          () -> new StartupHandler(context, EncryptionPolicy.NONE, transport.users()));
    }
  }

  /**
   * Opens those for clients, or none. The admin port may still be another process'.
   *
   * @param succession may bring what another process listens with
   * @throws StartException when one is taken
   */
  static Ports open(
      SidecarConfig config,
      Succession succession,
      ProxyContext context,
      Transport transport,
      Told told)
      throws StartException {
    InetSocketAddress admin = ListenAddress.of(config.admin(), config.source() + " admin");
    Place place = new Place(config, succession.loops(), admin, told);
    Doors doors = Doors.of(context, transport);
    InetSocketAddress address =
        ListenAddress.of(config.listen().address(), config.source() + " listen");
    return succession.isTakingOver()
        ? inherit(place, succession, address, doors)
        : bind(place, address, doors);
  }

  private static Ports bind(Place place, InetSocketAddress address, Doors doors)
      throws StartException {
    Listener listener = null;
    try {
      listener = Listener.bind(place.loops(), address, doors.tcp());
      Optional<Path> directory = place.config().listen().socket();
      return new Ports(
          place,
          listener,
          directory.isEmpty()
              ? null
              : SocketListener.bind(place.loops(), directory.get(), name(listener), doors.local()));
    } catch (IOException e) {
      if (listener != null) {
        listener.close();
      }
      throw ListenAddress.taken(place.config().source() + " listen", e);
    }
  }

  /** What the other process gives has to be what this one was told to listen at. */
  private static Ports inherit(
      Place place, Succession succession, InetSocketAddress address, Doors doors)
      throws StartException {
    List<String> offered = succession.offered();
    Optional<Path> directory = place.config().listen().socket();
    if (offered.isEmpty() || !isThere(offered.getFirst(), address)) {
      throw other(place.config().source() + " listen", offered);
    }
    String port = offered.getFirst().substring(offered.getFirst().lastIndexOf(':') + 1);
    List<String> wanted = new ArrayList<>(List.of(offered.getFirst()));
    directory.ifPresent(folder -> wanted.add(LOCAL + folder.resolve(name(port))));
    if (!wanted.equals(offered)) {
      throw other(place.config().source() + " listen.socket", offered);
    }
    List<Heirloom> heirlooms = succession.receive();
    Listener listener = null;
    try {
      listener = Listener.inherit(place.loops(), heirlooms.getFirst().descriptor(), doors.tcp());
      return new Ports(
          place,
          listener,
          directory.isEmpty()
              ? null
              : SocketListener.inherit(
                  place.loops(),
                  directory.get().resolve(name(port)),
                  heirlooms.getLast().descriptor(),
                  doors.local()));
    } catch (IOException e) {
      if (listener != null) {
        listener.close();
      }
      throw ListenAddress.taken(place.config().source() + " listen", e);
    }
  }

  private static boolean isThere(String offered, InetSocketAddress wanted) {
    String host = TCP + host(wanted) + ':';
    return wanted.getPort() == 0
        ? offered.startsWith(host)
        : offered.equals(host + wanted.getPort());
  }

  /** A socket for any address may tell of itself in either version of IP. */
  private static String host(InetSocketAddress address) {
    return address.getAddress().isAnyLocalAddress() ? "*" : address.getAddress().getHostAddress();
  }

  private static StartException other(String place, List<String> offered) {
    return new StartException(
        place
            + ": the running sidecar listens at "
            + String.join(" and ", offered)
            + ", and that is what it hands over; keep the address, or stop that one first");
  }

  private static String name(Listener listener) {
    return name(Integer.toString(listener.address().getPort()));
  }

  private static String name(String port) {
    return ".s.PGSQL." + port;
  }

  InetSocketAddress address() {
    return listener.address();
  }

  InetSocketAddress adminAddress() {
    return adminAddress;
  }

  /**
   * Takes what only one process may have. The first process took some of it when it began to
   * listen.
   *
   * @throws StartException when another one has the admin port
   * @throws IOException when another one has the rest
   */
  void claim(boolean inherited) throws StartException, IOException {
    try {
      openAdmin();
    } catch (IOException e) {
      throw ListenAddress.taken(source + " admin", e);
    }
    if (inherited && socket != null) {
      socket.claim();
    }
  }

  private void openAdmin() throws IOException {
    AdminServer opened =
        AdminServer.start(adminAddress, told.ready(), told.notice(), told.metrics())
            .with("/drained", told.drained());
    admin = opened;
    adminAddress = opened.address();
  }

  /** Lets clients in. */
  void accept() {
    listener.accept();
    if (socket != null) {
      socket.accept();
    }
  }

  /** No client is let in any more. */
  void stopListening() {
    listener.close();
    if (socket != null) {
      socket.close();
    }
  }

  void closeAdmin() {
    AdminServer open = admin;
    admin = null;
    if (open != null) {
      open.close();
    }
  }

  @Override
  public List<Heirloom> heirlooms() {
    InetSocketAddress at = listener.address();
    List<Heirloom> heirlooms = new ArrayList<>();
    heirlooms.add(new Heirloom(TCP + host(at) + ':' + at.getPort(), listener.descriptor()));
    if (socket != null) {
      heirlooms.add(new Heirloom(LOCAL + socket.place(), socket.descriptor()));
    }
    return heirlooms;
  }

  @Override
  public void free() throws IOException {
    closeAdmin();
    if (socket != null) {
      socket.release();
    }
  }

  @Override
  public void reclaim() {
    try {
      claim(true);
    } catch (StartException | IOException e) {
      LOG.atError()
          .addKeyValue("source", source)
          .addKeyValue("reason", e.getMessage())
          .log("What another process was to have is not this one's again");
    }
  }

  @Override
  public void giveUp() {
    stopListening();
  }

  /** Whoever still has clients here is to be seen: at a port that is free. */
  @Override
  public void given() {
    // Who was accepted at the last moment is counted by then.
    loops.settle();
    try {
      adminAddress = new InetSocketAddress(adminAddress.getAddress(), 0);
      openAdmin();
      LOG.atInfo().addKeyValue("port", adminAddress.getPort()).log("The admin port has moved");
    } catch (IOException e) {
      LOG.atWarn()
          .addKeyValue("source", source)
          .addKeyValue("reason", e.getMessage())
          .log("There is no admin port any more");
    }
  }
}
