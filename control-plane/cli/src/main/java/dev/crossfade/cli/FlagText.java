package dev.crossfade.cli;

import dev.crossfade.api.v1.FlagReading;
import dev.crossfade.api.v1.FollowedFlag;
import dev.crossfade.api.v1.GetResponse;
import java.util.ArrayList;
import java.util.List;

/** What a flag says of a migration, for people. */
final class FlagText {
  private FlagText() {}

  /** The lines of {@code ctl show}; none where no flag is followed. */
  static List<String> lines(GetResponse response) {
    if (!response.getMigration().hasFlag()) {
      return List.of();
    }
    FollowedFlag flag = response.getMigration().getFlag();
    List<String> lines = new ArrayList<>();
    lines.add(
        "flag          "
            + (flag.getOverriddenBy().isEmpty()
                ? "follows '" + flag.getName() + "' of Unleash"
                : "'"
                    + flag.getName()
                    + "' of Unleash is overridden by "
                    + flag.getOverriddenBy()
                    + " since "
                    + Show.time(flag.getOverriddenAt())
                    + ", until 'ctl flag follow'"));
    FlagReading reading = response.getFlag();
    lines.add("flag says     " + value(reading));
    if (reading.getStale()) {
      lines.add("flag is stale " + heard(reading));
    }
    if (!reading.getProblem().isEmpty()) {
      lines.add("flag problem  " + reading.getProblem());
    }
    return lines;
  }

  private static String value(FlagReading reading) {
    return reading.hasReadBuckets()
        ? Show.percent(reading.getReadBuckets())
            + " since "
            + Show.time(reading.getSince())
            + ", "
            + reading.getOrigin()
        : "nothing that could be used yet";
  }

  private static String heard(FlagReading reading) {
    String who =
        reading.getFollower().isEmpty()
            ? "; no control plane asks it (--unleash)"
            : "; asked by " + reading.getFollower();
    return reading.hasHeardAt()
        ? "Unleash last answered " + Show.age(reading.getHeardAt()) + " ago" + who
        : "Unleash has never answered" + who;
  }
}
