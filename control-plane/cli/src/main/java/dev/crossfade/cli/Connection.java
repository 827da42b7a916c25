package dev.crossfade.cli;

import com.google.protobuf.MessageOrBuilder;
import dev.crossfade.api.v1.AccessServiceGrpc;
import dev.crossfade.api.v1.AuditServiceGrpc;
import dev.crossfade.api.v1.DeadLetterServiceGrpc;
import dev.crossfade.api.v1.EvidenceServiceGrpc;
import dev.crossfade.api.v1.FlagServiceGrpc;
import dev.crossfade.api.v1.JobServiceGrpc;
import dev.crossfade.api.v1.ListRequest;
import dev.crossfade.api.v1.Migration;
import dev.crossfade.api.v1.MigrationServiceGrpc;
import dev.crossfade.api.v1.ReadinessServiceGrpc;
import dev.crossfade.api.v1.RolloutServiceGrpc;
import dev.crossfade.api.v1.SidecarServiceGrpc;
import dev.crossfade.api.v1.SignalServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A connection to the control plane, and where its answers are written. */
final class Connection implements AutoCloseable {
  private static final Pattern ADDRESS =
      Pattern.compile("(\\[[0-9a-fA-F:.%]+]|[^:\\s\\[\\]]+):([0-9]{1,5})");
  private static final long ANSWER_MAX_SECONDS = 15;
  private static final long MOVE_MAX_SECONDS = 120;
  private static final long VERIFY_MAX_SECONDS = 600;
  private static final int INBOUND_MAX_BYTES = 16 << 20;
  private static final int PORT_MAX = 65_535;

  private final ManagedChannel channel;
  private final Output output;

  /** Sets up encryption, and what is sent with each call. */
  interface Dial {
    void apply(NettyChannelBuilder channel, String host) throws UsageException;
  }

  private Connection(ManagedChannel channel, Output output) {
    this.channel = channel;
    this.output = output;
  }

  static Connection open(String address, Output output, Dial dial) throws UsageException {
    Matcher matcher = ADDRESS.matcher(address);
    if (!matcher.matches() || Integer.parseInt(matcher.group(2)) > PORT_MAX) {
      throw new UsageException(
          "'" + address + "' is no address: write HOST:PORT, such as 127.0.0.1:7432");
    }
    NettyChannelBuilder channel =
        NettyChannelBuilder.forAddress(matcher.group(1), Integer.parseInt(matcher.group(2)))
            .maxInboundMessageSize(INBOUND_MAX_BYTES)
            .keepAliveTime(10, TimeUnit.SECONDS);
    dial.apply(channel, matcher.group(1));
    return new Connection(channel.build(), output);
  }

  /** For one call, with a deadline. */
  MigrationServiceGrpc.MigrationServiceBlockingStub migrations() {
    return endless().withDeadlineAfter(ANSWER_MAX_SECONDS, TimeUnit.SECONDS);
  }

  /** For one call that may have to wait for a move. */
  MigrationServiceGrpc.MigrationServiceBlockingStub moves() {
    return endless().withDeadlineAfter(MOVE_MAX_SECONDS, TimeUnit.SECONDS);
  }

  /** For a stream, without a deadline. */
  MigrationServiceGrpc.MigrationServiceBlockingStub endless() {
    return MigrationServiceGrpc.newBlockingStub(channel);
  }

  SidecarServiceGrpc.SidecarServiceBlockingStub sidecars() {
    return SidecarServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(ANSWER_MAX_SECONDS, TimeUnit.SECONDS);
  }

  ReadinessServiceGrpc.ReadinessServiceBlockingStub readiness() {
    return ReadinessServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(ANSWER_MAX_SECONDS, TimeUnit.SECONDS);
  }

  AccessServiceGrpc.AccessServiceBlockingStub access() {
    return AccessServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(ANSWER_MAX_SECONDS, TimeUnit.SECONDS);
  }

  DeadLetterServiceGrpc.DeadLetterServiceBlockingStub deadLetters() {
    return DeadLetterServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(ANSWER_MAX_SECONDS, TimeUnit.SECONDS);
  }

  SignalServiceGrpc.SignalServiceBlockingStub signals() {
    return endlessSignals().withDeadlineAfter(ANSWER_MAX_SECONDS, TimeUnit.SECONDS);
  }

  /** For a stream, without a deadline. */
  SignalServiceGrpc.SignalServiceBlockingStub endlessSignals() {
    return SignalServiceGrpc.newBlockingStub(channel);
  }

  FlagServiceGrpc.FlagServiceBlockingStub flags() {
    return FlagServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(ANSWER_MAX_SECONDS, TimeUnit.SECONDS);
  }

  JobServiceGrpc.JobServiceBlockingStub jobs() {
    return JobServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(ANSWER_MAX_SECONDS, TimeUnit.SECONDS);
  }

  RolloutServiceGrpc.RolloutServiceBlockingStub rollouts() {
    return endlessRollouts().withDeadlineAfter(ANSWER_MAX_SECONDS, TimeUnit.SECONDS);
  }

  /** For a stream, without a deadline. */
  RolloutServiceGrpc.RolloutServiceBlockingStub endlessRollouts() {
    return RolloutServiceGrpc.newBlockingStub(channel);
  }

  EvidenceServiceGrpc.EvidenceServiceBlockingStub evidence() {
    return EvidenceServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(ANSWER_MAX_SECONDS, TimeUnit.SECONDS);
  }

  AuditServiceGrpc.AuditServiceBlockingStub audit() {
    return AuditServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(VERIFY_MAX_SECONDS, TimeUnit.SECONDS);
  }

  /**
   * The name that was typed, else that of the only migration.
   *
   * @throws UsageException when nothing was typed and there is not exactly one
   */
  String nameOrOnly(@Nullable String typed) throws UsageException {
    if (typed != null) {
      return typed;
    }
    List<String> names =
        migrations().list(ListRequest.getDefaultInstance()).getMigrationsList().stream()
            .map(Migration::getName)
            .toList();
    if (names.size() == 1) {
      return names.getFirst();
    }
    throw new UsageException(
        names.isEmpty()
            ? "there is no migration yet: add one with 'ctl apply -f FILE'"
            : "there are "
                + names.size()
                + " migrations, so NAME is needed: "
                + String.join(", ", names));
  }

  boolean isJson() {
    return output.isJson();
  }

  void print(String line) {
    output.print(line);
  }

  /** A line of a terminal that the next one is written over. */
  void redraw(String line) {
    output.redraw(line);
  }

  void printJson(MessageOrBuilder message) {
    output.printJson(message);
  }

  /** JSON on one line, for streams. */
  void printJsonLine(MessageOrBuilder message) {
    output.printJsonLine(message);
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
