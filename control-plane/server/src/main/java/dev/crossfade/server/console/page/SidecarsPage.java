package dev.crossfade.server.console.page;

import dev.crossfade.api.v1.ListSidecarsRequest;
import dev.crossfade.server.console.view.Templates;
import java.util.List;
import java.util.Map;

/** The fleet. */
record SidecarsPage(Templates templates) implements Page {
  @Override
  public String path() {
    return "/sidecars";
  }

  @Override
  public String title() {
    return "Sidecars";
  }

  @Override
  public Tab tab() {
    return Tab.SIDECARS;
  }

  @Override
  public List<Part> parts(Viewer viewer) {
    FleetView fleet =
        FleetView.of(
            viewer.calls().sidecars().listSidecars(ListSidecarsRequest.getDefaultInstance()));
    return List.of(
        new Part("sidecars", "whole", templates.render("part/sidecars", Map.of("fleet", fleet))));
  }
}
