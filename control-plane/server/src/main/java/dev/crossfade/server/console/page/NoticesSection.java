package dev.crossfade.server.console.page;

import dev.crossfade.api.v1.Sidecar;
import java.util.List;
import java.util.Map;

/** What sidecars say of it now. */
record NoticesSection() implements Section {
  private static final int NOTICES_MAX = 20;

  @Override
  public String id() {
    return "notices";
  }

  @Override
  public String width() {
    return "whole";
  }

  @Override
  public Map<String, Object> model(Facts facts, Viewer viewer) {
    String name = facts.migration().getName();
    List<FleetView.NoticeRow> notices =
        facts.fleet().getSidecarsList().stream()
            .filter(Sidecar::getConnected)
            .flatMap(
                sidecar ->
                    sidecar.getNoticesList().stream()
                        .filter(notice -> notice.getMigration().equals(name))
                        .map(notice -> FleetView.NoticeRow.of(sidecar, notice)))
            .limit(NOTICES_MAX)
            .toList();
    return notices.isEmpty() ? Map.of() : Map.of("notices", notices);
  }
}
