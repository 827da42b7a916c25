package dev.crossfade.server.console.page;

import dev.crossfade.server.console.view.Templates;
import java.util.List;
import java.util.Map;

/** All about one migration. */
record MigrationPage(Templates templates, TrafficLog traffic, String name) implements Page {
  @Override
  public String path() {
    return "/migrations/" + name;
  }

  @Override
  public String title() {
    return name;
  }

  @Override
  public Tab tab() {
    return Tab.MIGRATIONS;
  }

  private List<Section> sections() {
    return List.of(
        new StandingSection(),
        new MoveSection(),
        new ShareSection(),
        new TrafficSection(traffic),
        new PlanSection(),
        new DataSection(),
        new JobsSection(),
        new ComparisonSection(),
        new MismatchSection(),
        new ReadinessSection(),
        new NoticesSection(),
        new HistorySection(),
        new AuditSection(),
        new FileSection());
  }

  @Override
  public List<Part> parts(Viewer viewer) {
    Facts facts = Facts.of(name, viewer.calls());
    return sections().stream().map(section -> part(section, facts, viewer)).toList();
  }

  private Part part(Section section, Facts facts, Viewer viewer) {
    Map<String, Object> model = section.model(facts, viewer);
    return new Part(
        section.id(),
        section.width(),
        model.isEmpty() ? "" : templates.render("part/" + section.id(), model));
  }
}
