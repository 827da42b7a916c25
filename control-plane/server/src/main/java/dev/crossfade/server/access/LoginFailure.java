package dev.crossfade.server.access;

/** Why a caller is not let in. For metrics: a label's values. */
public enum LoginFailure {
  /** It has shown nothing. */
  NOTHING_SHOWN,
  /** What it has shown is not known here. */
  UNKNOWN_TOKEN,
  EXPIRED_TOKEN,
  REVOKED_TOKEN,
  /** The access file does not name its certificate. */
  UNKNOWN_CERTIFICATE,
  EXPIRED_CERTIFICATE,
  /** Too many have failed from its address; nobody has looked at what it has shown. */
  TOO_MANY
}
