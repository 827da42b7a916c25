package dev.crossfade.server.grpc;

import dev.crossfade.api.v1.Ack;
import dev.crossfade.api.v1.ControlMessage;
import dev.crossfade.api.v1.Heartbeat;
import dev.crossfade.api.v1.Hello;
import dev.crossfade.api.v1.InventoryAck;
import dev.crossfade.api.v1.InventoryPage;
import dev.crossfade.api.v1.Nack;
import dev.crossfade.api.v1.Report;
import dev.crossfade.api.v1.SidecarMessage;
import dev.crossfade.api.v1.Snapshot;
import dev.crossfade.server.store.SidecarRow;
import dev.crossfade.server.store.SidecarRow.Traffic;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One sidecar's stream.
 *
 * <pre>
 *   NAMELESS -- Hello --> NAMED -- Ack, Nack, Report --> NAMED
 *      '------------ error, end, silence ----------------'--> OVER
 * </pre>
 *
 * <p>gRPC delivers its messages one at a time; pushes come from other threads. Every field and the
 * sending side are guarded by the lock. A sidecar that does not read gets the newest snapshot when
 * it does: nothing queues up.
 */
final class SidecarSession implements StreamObserver<SidecarMessage> {
  private static final Logger LOG = LoggerFactory.getLogger(SidecarSession.class);
  private static final int NAME_MAX = 128;
  private static final int CAPABILITIES_MAX = 32;
  private static final int REASON_MAX = 2_048;
  private static final int NOTICES_MAX = 20;
  private final SidecarRegistry registry;
  private final ServerCallStreamObserver<ControlMessage> observer;
  private final Instant began;
  private final ReentrantLock lock = new ReentrantLock();

  private SidecarRow.@Nullable Identity identity;
  private @Nullable Snapshot sent;
  private long nonce;
  private boolean over;
  private Instant lastHeard;
  private long ackedVersion;
  private long nackedVersion;
  private String nackReason = "";
  private Traffic traffic = Traffic.NONE;
  private List<SidecarRow.Notice> notices = List.of();

  SidecarSession(
      SidecarRegistry registry, ServerCallStreamObserver<ControlMessage> observer, Instant now) {
    this.registry = registry;
    this.observer = observer;
    this.began = now;
    this.lastHeard = now;
  }

  @Override
  public void onNext(SidecarMessage message) {
    Optional<String> wrong =
        switch (message.getMessageCase()) {
          case HELLO -> hello(message.getHello());
          case ACK -> ack(message.getAck());
          case NACK -> nack(message.getNack());
          case REPORT -> report(message.getReport());
          case INVENTORY -> inventory(message.getInventory());
          case MESSAGE_NOT_SET -> unknown();
        };
    wrong.ifPresent(why -> end(Status.INVALID_ARGUMENT.withDescription(why)));
  }

  private Optional<String> hello(Hello hello) {
    if (isBadName(hello.getService()) || isBadName(hello.getInstance())) {
      return Optional.of(
          "service and instance of a Hello have 1 to " + NAME_MAX + " characters each");
    }
    if (hello.getBuildVersion().length() > NAME_MAX
        || hello.getCapabilitiesCount() > CAPABILITIES_MAX) {
      return Optional.of(
          "a Hello has a build_version of at most "
              + NAME_MAX
              + " characters and at most "
              + CAPABILITIES_MAX
              + " capabilities");
    }
    registry.catchUpTo(hello.getLastVersion());
    SidecarKey key = new SidecarKey(hello.getService(), hello.getInstance());
    lock.lock();
    try {
      if (identity != null) {
        return Optional.of("a stream has one Hello only");
      }
      lastHeard = registry.now();
      identity =
          new SidecarRow.Identity(hello.getService(), hello.getInstance(), hello.getBuildVersion());
      ackedVersion = hello.getLastVersion();
    } finally {
      lock.unlock();
    }
    LOG.atInfo()
        .addKeyValue("service", hello.getService())
        .addKeyValue("instance", hello.getInstance())
        .addKeyValue("build", hello.getBuildVersion())
        .addKeyValue("version", hello.getLastVersion())
        .log("Sidecar connected");
    registry.named(this, key);
    push();
    return Optional.empty();
  }

  private static boolean isBadName(String name) {
    return name.isBlank() || name.length() > NAME_MAX || name.indexOf('\0') >= 0;
  }

  private Optional<String> ack(Ack ack) {
    lock.lock();
    try {
      Optional<String> wrong = answered(ack.getNonce());
      if (wrong.isEmpty()) {
        ackedVersion = ack.getVersion();
        nackedVersion = 0;
        nackReason = "";
      }
      return wrong;
    } finally {
      lock.unlock();
    }
  }

  private Optional<String> nack(Nack nack) {
    String reason = nack.getReason().replace('\0', ' ');
    lock.lock();
    try {
      Optional<String> wrong = answered(nack.getNonce());
      if (wrong.isPresent()) {
        return wrong;
      }
      nackedVersion = nack.getVersion();
      nackReason = reason.length() <= REASON_MAX ? reason : reason.substring(0, REASON_MAX);
      LOG.atWarn()
          .addKeyValue("sidecar", identity)
          .addKeyValue("version", nackedVersion)
          .addKeyValue("reason", nackReason)
          .log("Sidecar refused the snapshot");
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  private Optional<String> answered(long answeredNonce) {
    if (identity == null) {
      return Optional.of("the first message of a stream is a Hello");
    }
    if (answeredNonce < 1 || answeredNonce > nonce) {
      return Optional.of("nonce " + answeredNonce + " was never sent on this stream");
    }
    lastHeard = registry.now();
    return Optional.empty();
  }

  private Optional<String> report(Report report) {
    List<SidecarRow.Notice> told =
        report.getNoticesList().stream().limit(NOTICES_MAX).map(Wire::notice).toList();
    Set<String> before;
    SidecarKey key;
    lock.lock();
    try {
      if (identity == null) {
        return Optional.of("the first message of a stream is a Hello");
      }
      lastHeard = registry.now();
      key = SidecarKey.of(identity);
      before = SidecarRow.Notice.subjects(notices);
      notices = told;
      traffic = Wire.traffic(traffic, report);
    } finally {
      lock.unlock();
    }
    tellNew(told, before);
    registry.measured(key, report);
    return Optional.empty();
  }

  /** The ack comes when the page is stored; without one the sidecar sends it again. */
  private Optional<String> inventory(InventoryPage page) {
    SidecarKey key;
    lock.lock();
    try {
      if (identity == null) {
        return Optional.of("the first message of a stream is a Hello");
      }
      lastHeard = registry.now();
      key = SidecarKey.of(identity);
    } finally {
      lock.unlock();
    }
    if (!InventoryWire.isWellFormed(page)) {
      return Optional.of("a page of the inventory has an incarnation and a number from 1");
    }
    registry.store(InventoryWire.page(page, key), () -> stored(page.getNumber()));
    return Optional.empty();
  }

  private void stored(long number) {
    lock.lock();
    try {
      if (!over) {
        observer.onNext(
            ControlMessage.newBuilder()
                .setInventoryAck(InventoryAck.newBuilder().setNumber(number))
                .build());
      }
    } finally {
      lock.unlock();
    }
  }

  /** A sidecar repeats a notice for as long as it holds; it is logged when it begins. */
  private void tellNew(List<SidecarRow.Notice> told, Set<String> before) {
    for (SidecarRow.Notice notice : told) {
      if (!before.contains(notice.subject())) {
        LOG.atWarn()
            .addKeyValue("sidecar", identity)
            .addKeyValue("code", notice.code())
            .addKeyValue("migration", notice.migration())
            .addKeyValue("notice", notice.message())
            .log("Notice from a sidecar");
      }
    }
    if (!SidecarRow.Notice.subjects(told).equals(before)) {
      registry.noticed(this);
    }
  }

  /** A kind of message of a newer sidecar: a sign of life, and otherwise passed over. */
  private Optional<String> unknown() {
    lock.lock();
    try {
      lastHeard = registry.now();
      return identity == null
          ? Optional.of("the first message of a stream is a Hello")
          : Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /** Sends the newest snapshot unless it was sent, now or as soon as the stream takes it. */
  void push() {
    lock.lock();
    try {
      Snapshot newest = registry.snapshot();
      if (over || identity == null || newest == sent || !observer.isReady()) {
        return;
      }
      nonce++;
      sent = newest;
      observer.onNext(
          ControlMessage.newBuilder().setSnapshot(newest.toBuilder().setNonce(nonce)).build());
    } finally {
      lock.unlock();
    }
  }

  void heartbeat(long version) {
    lock.lock();
    try {
      if (!over && identity != null && observer.isReady()) {
        observer.onNext(
            ControlMessage.newBuilder()
                .setHeartbeat(Heartbeat.newBuilder().setVersion(version))
                .build());
      }
    } finally {
      lock.unlock();
    }
  }

  Instant lastHeard() {
    lock.lock();
    try {
      return lastHeard;
    } finally {
      lock.unlock();
    }
  }

  boolean isOver() {
    lock.lock();
    try {
      return over;
    } finally {
      lock.unlock();
    }
  }

  /** What is known of the sidecar; empty before its Hello. */
  Optional<SidecarRow> row() {
    lock.lock();
    try {
      return identity == null
          ? Optional.empty()
          : Optional.of(
              new SidecarRow(
                  identity,
                  began,
                  !over,
                  lastHeard,
                  ackedVersion,
                  nackedVersion,
                  nackReason,
                  traffic,
                  notices));
    } finally {
      lock.unlock();
    }
  }

  /** Ends the stream from this side. */
  void end(Status why) {
    if (finish()) {
      lock.lock();
      try {
        observer.onError(why.asException());
      } finally {
        lock.unlock();
      }
      LOG.atInfo()
          .addKeyValue("sidecar", identity)
          .addKeyValue("reason", why.getDescription())
          .log("Sidecar sent away");
    }
  }

  @Override
  public void onError(Throwable failure) {
    cancelled();
  }

  /** The sidecar or the network ended the stream. */
  void cancelled() {
    if (finish()) {
      LOG.atInfo().addKeyValue("sidecar", identity).log("Sidecar gone");
    }
  }

  @Override
  public void onCompleted() {
    if (finish()) {
      lock.lock();
      try {
        observer.onCompleted();
      } finally {
        lock.unlock();
      }
      LOG.atInfo().addKeyValue("sidecar", identity).log("Sidecar left");
    }
  }

  private boolean finish() {
    lock.lock();
    try {
      if (over) {
        return false;
      }
      over = true;
    } finally {
      lock.unlock();
    }
    registry.over(this);
    return true;
  }
}
