package dev.crossfade.postgresql.session;

import java.util.Set;

/** Whether a user may see and do on new what old would let it. */
public interface ReadPermission {
  /** The answers; unknown ones are being asked for. */
  enum Answer {
    ALLOWED,
    DENIED,
    UNKNOWN
  }

  /** Whether a user may read a migration's old tables. Never blocks. */
  default Answer mayRead(String user, String migration) {
    return mayDo(user, migration, Set.of(), Set.of("SELECT"));
  }

  /**
   * Never blocks.
   *
   * @param tables bare names of the migration's old tables; empty: all of them
   * @param privileges all of which are needed, such as {@code UPDATE}
   */
  Answer mayDo(String user, String migration, Set<String> tables, Set<String> privileges);
}
