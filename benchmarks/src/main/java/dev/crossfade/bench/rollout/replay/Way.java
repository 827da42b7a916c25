package dev.crossfade.bench.rollout.replay;

import java.util.Properties;

/**
 * A way to ask.
 *
 * @param name for people
 * @param jdbc the driver's URL; empty for {@link #NOWHERE}
 * @param login the driver's properties, with the password
 * @param isDirect whether nothing of ours is in between
 */
public record Way(String name, String jdbc, Properties login, boolean isDirect) {
  /** Answers at once: what is left is the generator's own. */
  public static final Way NOWHERE = new Way("nowhere", "", new Properties(), true);

  boolean isNowhere() {
    return jdbc.isEmpty();
  }
}
