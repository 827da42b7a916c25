package dev.crossfade.server.console.page;

import dev.crossfade.api.v1.CircuitState;
import dev.crossfade.api.v1.ListSidecarsResponse;
import dev.crossfade.api.v1.Notice;
import dev.crossfade.api.v1.Sidecar;
import dev.crossfade.server.console.view.Words;
import java.util.List;

/**
 * The sidecars, for a template.
 *
 * @param version that all should have in force
 * @param behind connected, with an older version and without a refusal
 */
public record FleetView(
    long version,
    List<Row> rows,
    long connected,
    long away,
    long behind,
    long refused,
    long circuitsOpen,
    long notices,
    String sessions) {
  /**
   * One sidecar.
   *
   * @param tone how it stands: {@code good}, {@code warn}, {@code bad} or {@code off}
   */
  public record Row(
      String service,
      String instance,
      String build,
      String state,
      String tone,
      long acked,
      String nack,
      int sessions,
      String onOld,
      String onNew,
      String fallbacks,
      String circuit,
      boolean circuitOpen,
      String seen,
      List<NoticeRow> notices) {
    static Row of(Sidecar sidecar, long version) {
      String state = state(sidecar, version);
      return new Row(
          sidecar.getService(),
          sidecar.getInstance(),
          sidecar.getBuildVersion(),
          state,
          switch (state) {
            case "in force" -> "good";
            case "away" -> "off";
            case "behind" -> "warn";
            default -> "bad";
          },
          sidecar.getAckedVersion(),
          sidecar.getNackReason(),
          sidecar.getSessions(),
          Words.count(sidecar.getRoutedOld()),
          Words.count(sidecar.getRoutedNew()),
          Words.count(sidecar.getFallbacks()),
          Words.circuit(sidecar.getCircuit()),
          sidecar.getCircuit() == CircuitState.CIRCUIT_STATE_OPEN,
          Words.time(sidecar.getLastSeen()),
          sidecar.getConnected()
              ? sidecar.getNoticesList().stream()
                  .map(notice -> NoticeRow.of(sidecar, notice))
                  .toList()
              : List.of());
    }

    private static String state(Sidecar sidecar, long version) {
      if (!sidecar.getConnected()) {
        return "away";
      }
      if (sidecar.getNackedVersion() > 0) {
        return "refused " + sidecar.getNackedVersion();
      }
      return sidecar.getAckedVersion() == version ? "in force" : "behind";
    }
  }

  /** What a sidecar says. */
  public record NoticeRow(String sidecar, String code, String migration, String message) {
    static NoticeRow of(Sidecar sidecar, Notice notice) {
      return new NoticeRow(
          sidecar.getService() + "/" + sidecar.getInstance(),
          notice.getCode(),
          notice.getMigration(),
          notice.getMessage());
    }
  }

  static FleetView of(ListSidecarsResponse response) {
    List<Row> rows =
        response.getSidecarsList().stream()
            .map(sidecar -> Row.of(sidecar, response.getVersion()))
            .toList();
    return new FleetView(
        response.getVersion(),
        rows,
        rows.stream().filter(row -> !row.tone().equals("off")).count(),
        rows.stream().filter(row -> row.tone().equals("off")).count(),
        rows.stream().filter(row -> row.tone().equals("warn")).count(),
        rows.stream().filter(row -> row.tone().equals("bad")).count(),
        rows.stream().filter(row -> row.circuitOpen() && !row.tone().equals("off")).count(),
        rows.stream().mapToLong(row -> row.notices().size()).sum(),
        Words.count(
            response.getSidecarsList().stream()
                .filter(Sidecar::getConnected)
                .mapToLong(Sidecar::getSessions)
                .sum()));
  }
}
