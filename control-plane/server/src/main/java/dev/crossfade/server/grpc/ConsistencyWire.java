package dev.crossfade.server.grpc;

import dev.crossfade.core.migration.Consistency;
import dev.crossfade.core.migration.ReadFreshness;
import dev.crossfade.core.migration.WriteAck;
import java.time.Duration;
import java.util.Optional;

/** What clients are promised, between the engine's values and messages. */
final class ConsistencyWire {
  private ConsistencyWire() {}

  static dev.crossfade.api.v1.Consistency message(Consistency consistency) {
    var message =
        dev.crossfade.api.v1.Consistency.newBuilder()
            .setFreshness(
                switch (consistency.freshness().kind()) {
                  case READ_YOUR_WRITES ->
                      dev.crossfade.api.v1.ReadFreshness.READ_FRESHNESS_READ_YOUR_WRITES;
                  case BOUNDED -> dev.crossfade.api.v1.ReadFreshness.READ_FRESHNESS_BOUNDED;
                  case EVENTUAL -> dev.crossfade.api.v1.ReadFreshness.READ_FRESHNESS_EVENTUAL;
                })
            .setAck(
                switch (consistency.ack()) {
                  case ASYNC -> dev.crossfade.api.v1.WriteAck.WRITE_ACK_ASYNC;
                  case MIRRORED -> dev.crossfade.api.v1.WriteAck.WRITE_ACK_MIRRORED;
                });
    Duration bound = consistency.freshness().bound();
    if (!bound.isZero()) {
      message.setBound(
          com.google.protobuf.Duration.newBuilder()
              .setSeconds(bound.toSeconds())
              .setNanos(bound.toNanosPart()));
    }
    return message.build();
  }

  /**
   * Empty for UNSPECIFIED.
   *
   * @throws IllegalArgumentException when it is none; its message says what would be one
   */
  static Optional<ReadFreshness> freshness(dev.crossfade.api.v1.Consistency message) {
    if (message.hasBound()
        != (message.getFreshness() == dev.crossfade.api.v1.ReadFreshness.READ_FRESHNESS_BOUNDED)) {
      throw new IllegalArgumentException("a bound belongs to BOUNDED, and only to that");
    }
    return switch (message.getFreshness()) {
      case READ_FRESHNESS_UNSPECIFIED -> Optional.empty();
      case READ_FRESHNESS_READ_YOUR_WRITES -> Optional.of(ReadFreshness.READ_YOUR_WRITES);
      case READ_FRESHNESS_EVENTUAL -> Optional.of(ReadFreshness.EVENTUAL);
      case READ_FRESHNESS_BOUNDED ->
          Optional.of(
              ReadFreshness.bounded(
                  Duration.ofSeconds(
                      message.getBound().getSeconds(), message.getBound().getNanos())));
      case UNRECOGNIZED ->
          throw new IllegalArgumentException(
              "freshness "
                  + message.getFreshnessValue()
                  + " is unknown: give READ_YOUR_WRITES, BOUNDED or EVENTUAL");
    };
  }

  /**
   * Empty for UNSPECIFIED.
   *
   * @throws IllegalArgumentException when it is none; its message says what would be one
   */
  static Optional<WriteAck> ack(dev.crossfade.api.v1.Consistency message) {
    return switch (message.getAck()) {
      case WRITE_ACK_UNSPECIFIED -> Optional.empty();
      case WRITE_ACK_ASYNC -> Optional.of(WriteAck.ASYNC);
      case WRITE_ACK_MIRRORED -> Optional.of(WriteAck.MIRRORED);
      case UNRECOGNIZED ->
          throw new IllegalArgumentException(
              "ack " + message.getAckValue() + " is unknown: give ASYNC or MIRRORED");
    };
  }
}
