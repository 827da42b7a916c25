package dev.crossfade.server.console.page;

import dev.crossfade.api.v1.CatalogCheck;
import dev.crossfade.api.v1.GetResponse;
import dev.crossfade.api.v1.LensEvidence;
import dev.crossfade.api.v1.RollbackLoss;
import dev.crossfade.server.console.view.Ladder;
import dev.crossfade.server.console.view.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What is known of the data of both sides. */
record DataSection() implements Section {
  /**
   * A line.
   *
   * @param tone {@code good}, {@code warn}, {@code bad} or {@code off} for what is not known
   * @param examples keys or sentences
   */
  public record Line(String name, String tone, String text, List<String> examples) {}

  @Override
  public String id() {
    return "data";
  }

  @Override
  public String width() {
    return "half";
  }

  @Override
  public Map<String, Object> model(Facts facts, Viewer viewer) {
    GetResponse detail = facts.detail();
    List<Line> lines = new ArrayList<>();
    lines.add(verified(detail));
    if (Ladder.isOnNew(detail.getMigration().getStage())
        && !Ladder.isEnd(detail.getMigration().getStage())) {
      lines.add(loss(detail));
    }
    lines.add(lens(detail));
    lines.add(catalogs(detail));
    return Map.of("lines", lines, "name", detail.getMigration().getName());
  }

  private static Line verified(GetResponse detail) {
    if (!detail.hasVerification()) {
      return new Line("Verified", "off", "not yet", List.of());
    }
    return new Line(
        "Verified",
        detail.getVerification().getDrifted() == 0 ? "good" : "bad",
        JobView.verification(detail.getVerification()),
        detail.getVerification().getExamplesList());
  }

  private static Line loss(GetResponse detail) {
    String name = "A way back loses";
    if (!detail.hasRollbackLoss()) {
      return new Line(name, "off", "not known yet", List.of());
    }
    RollbackLoss loss = detail.getRollbackLoss();
    String what =
        loss.getLost() == 0
            ? "nothing"
            : Words.count(loss.getLost(), "entity of new", "entities of new");
    String undecided =
        loss.getUndecided() == 0
            ? ""
            : ", " + Words.count(loss.getUndecided()) + " on their way to old";
    return new Line(
        name,
        loss.getLost() == 0 ? "good" : "bad",
        what
            + ", as of "
            + Words.time(loss.getAsOf())
            + " UTC, "
            + Words.count(loss.getRows(), "row", "rows")
            + undecided,
        loss.getExamplesList());
  }

  private static Line lens(GetResponse detail) {
    if (!detail.hasLensEvidence()) {
      return new Line("Lens", "off", "not checked on data", List.of());
    }
    LensEvidence lens = detail.getLensEvidence();
    List<String> examples = new ArrayList<>(lens.getFindingsList());
    examples.addAll(lens.getExamplesList());
    return new Line(
        "Lens",
        lens.getLost() > 0 ? "bad" : lens.getOfThisFile() ? "good" : "warn",
        (lens.getLost() == 0
                ? "nothing is lost"
                : Words.count(lens.getLost()) + " rows and values are lost")
            + ", as of "
            + Words.time(lens.getAsOf())
            + " UTC, "
            + Words.count(lens.getRows(), "row", "rows")
            + (lens.getOfThisFile() ? "" : ", with another file"),
        examples);
  }

  private static Line catalogs(GetResponse detail) {
    if (!detail.getMigration().hasCatalogCheck()) {
      return new Line("Catalogs", "off", "not compared", List.of());
    }
    CatalogCheck check = detail.getMigration().getCatalogCheck();
    return new Line(
        "Catalogs",
        check.getEvidence().getWarnings() == 0 ? "good" : "warn",
        check.getEvidence().getOldDatabase()
            + " compared with "
            + check.getEvidence().getNewDatabase()
            + " by "
            + check.getActor()
            + " at "
            + Words.time(check.getAt())
            + " UTC: nothing blocks, "
            + Words.count(check.getEvidence().getWarnings(), "warning", "warnings"),
        List.of());
  }
}
