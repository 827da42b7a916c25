package dev.crossfade.server.store;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One sidecar as it is kept for all replicas to see.
 *
 * @param connectedAt when its latest stream began
 * @param nackedVersion the version it refused and has not acked one since; else 0
 * @param notices what a person should know, at its last report
 */
public record SidecarRow(
    Identity identity,
    Instant connectedAt,
    boolean connected,
    Instant lastSeen,
    long ackedVersion,
    long nackedVersion,
    String nackReason,
    Traffic traffic,
    List<Notice> notices) {
  public SidecarRow {
    notices = List.copyOf(notices);
  }

  /** Who it is. */
  public record Identity(String service, String instance, String buildVersion) {}

  /**
   * What it reported, counted since its Hello.
   *
   * @param circuit of new at its last report
   */
  public record Traffic(
      int sessions, Circuit circuit, long routedOld, long routedNew, long fallbacks) {
    public static final Traffic NONE = new Traffic(0, Circuit.UNKNOWN, 0, 0, 0);
  }

  /**
   * Something that a person should know.
   *
   * @param code a stable name
   * @param migration that it concerns; may be empty
   */
  public record Notice(String code, String migration, String message) {
    /** What it is about; its words may change from report to report. */
    public String subject() {
      return code + ' ' + migration;
    }

    public static Set<String> subjects(List<Notice> notices) {
      return notices.stream().map(Notice::subject).collect(Collectors.toSet());
    }
  }

  /** Whether new is tried. */
  public enum Circuit {
    UNKNOWN,
    CLOSED,
    OPEN
  }
}
