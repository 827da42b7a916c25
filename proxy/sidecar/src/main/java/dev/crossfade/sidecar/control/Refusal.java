package dev.crossfade.sidecar.control;

/**
 * Why a snapshot is not in force as a whole.
 *
 * @param reason one sentence for people that says what is not in force, and why
 * @param away a database could not be asked: it may be back any moment
 */
public record Refusal(String reason, boolean away) {
  private static final int REASON_MAX = 2_048;

  public Refusal {
    reason = reason.length() <= REASON_MAX ? reason : reason.substring(0, REASON_MAX);
  }
}
