package dev.crossfade.core.fault;

/**
 * An expected failure, as a value: what went wrong, where, and what would have been right. The
 * protocol's one fault mapper turns it into an error frame.
 *
 * @param kind what to do about it
 * @param message for people; without row data and secrets
 */
public record Fault(Kind kind, String message) {
  /** The stable kinds of failure. */
  public enum Kind {
    /** The client broke the protocol: answered with an error, then closed. */
    PROTOCOL_VIOLATION,
    /** A frame or batch over its limit. */
    TOO_LARGE,
    /** The client may not come in the way it came. */
    NOT_ADMITTED,
    /** A start-up parameter has a value that it cannot have. */
    INVALID_OPTION,
    /** The client did not show that it is who it says. */
    WRONG_PASSWORD,
    /** What the client asks for is in the protocol and not to be had here. */
    UNSUPPORTED,
    /** The authority cannot be reached. */
    AUTHORITY_UNAVAILABLE,
    /** New is the authority of what was asked for, and cannot be reached. */
    NEW_UNAVAILABLE,
    /** New is the authority of what was asked for, and it cannot be done there. */
    NOT_CARRIED_OUT,
    /** The client may not do it on old, so it may not do it on new. */
    NOT_PERMITTED,
    /** The authority moved while a transaction was under way, which may be done again. */
    MOVED,
    /** New failed after rows were passed on. */
    NEW_FAILED_MIDWAY,
    /** The client has cancelled what it had asked for. */
    CANCELLED,
    /** More sessions than the sidecar admits. */
    TOO_MANY_SESSIONS,
    /** The sidecar is leaving. */
    SHUTTING_DOWN,
    /** The client did not finish its start-up in time. */
    STARTUP_TIMEOUT,
    /** A reply that no request accounts for. */
    UNCORRELATED_REPLY
  }
}
