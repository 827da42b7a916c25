package dev.crossfade.sidecar.control;

/**
 * How the control client is doing, for readiness, metrics and people.
 *
 * @param connected whether the stream is open and was heard from
 * @param acceptedVersion of the snapshot in force; 0 for none
 * @param fromDisk whether the snapshot in force came from the disk and no control plane has
 *     confirmed it since
 * @param offeredVersion of the newest snapshot that came; differs from accepted while it is
 *     examined or when it was refused
 * @param refusal why the newest was refused; empty when it was not
 * @param lastFailure why the stream ended last; empty when it never did
 * @param turnedAway whether it ended because the control plane does not let this sidecar in
 */
public record ControlStatus(
    boolean connected,
    long acceptedVersion,
    boolean fromDisk,
    long offeredVersion,
    String refusal,
    String lastFailure,
    boolean turnedAway) {
  public static final ControlStatus INITIAL = new ControlStatus(false, 0, false, 0, "", "", false);

  ControlStatus asConnected() {
    return new ControlStatus(
        true, acceptedVersion, fromDisk, offeredVersion, refusal, lastFailure, false);
  }

  ControlStatus asOffered(long version) {
    return new ControlStatus(
        connected, acceptedVersion, fromDisk, version, refusal, lastFailure, turnedAway);
  }

  ControlStatus asAccepted(long version, boolean disk) {
    return new ControlStatus(
        connected, version, disk, disk ? version : offeredVersion, "", lastFailure, turnedAway);
  }

  ControlStatus asRefused(long version, String reason) {
    return new ControlStatus(
        connected, acceptedVersion, fromDisk, version, reason, lastFailure, turnedAway);
  }

  ControlStatus asEnded(String failure, boolean away) {
    return new ControlStatus(
        false, acceptedVersion, fromDisk, offeredVersion, refusal, failure, away);
  }
}
