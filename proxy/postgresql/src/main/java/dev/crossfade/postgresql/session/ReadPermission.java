package dev.crossfade.postgresql.session;

/** Whether a user may see on new what old would show it. */
public interface ReadPermission {
  /** The answers; unknown ones are being asked for. */
  enum Answer {
    ALLOWED,
    DENIED,
    UNKNOWN
  }

  /** Never blocks. */
  Answer mayRead(String user, String migration);
}
