package dev.crossfade.server.grpc;

import dev.crossfade.api.v1.FlagReading;
import dev.crossfade.api.v1.FollowedFlag;
import dev.crossfade.engine.catalog.Following;
import dev.crossfade.server.store.FlagReadings;

/** Flags that migrations follow, as messages. */
final class FlagWire {
  private FlagWire() {}

  static FollowedFlag followed(Following following) {
    FollowedFlag.Builder flag = FollowedFlag.newBuilder().setName(following.flag());
    Following.Takeover takeover = following.takeover();
    if (takeover != null) {
      flag.setOverriddenBy(takeover.actor()).setOverriddenAt(Wire.timestamp(takeover.at()));
    }
    return flag.build();
  }

  static FlagReading reading(FlagReadings.Reading reading) {
    FlagReading.Builder message =
        FlagReading.newBuilder()
            .setProblem(reading.problem())
            .setStale(reading.isStale())
            .setFollower(reading.follower());
    if (reading.value() != null) {
      message.setReadBuckets(reading.value().reads().buckets()).setOrigin(reading.value().origin());
    }
    if (reading.since() != null) {
      message.setSince(Wire.timestamp(reading.since()));
    }
    if (reading.heardAt() != null) {
      message.setHeardAt(Wire.timestamp(reading.heardAt()));
    }
    return message.build();
  }
}
