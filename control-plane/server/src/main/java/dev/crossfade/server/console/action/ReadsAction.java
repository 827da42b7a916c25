package dev.crossfade.server.console.action;

import dev.crossfade.api.v1.Migration;
import dev.crossfade.api.v1.SetReadPercentRequest;
import dev.crossfade.api.v1.Stage;
import dev.crossfade.api.v1.Stickiness;
import dev.crossfade.server.console.action.Form.InvalidException;
import dev.crossfade.server.console.page.Viewer;
import dev.crossfade.server.console.view.Words;
import java.util.ArrayList;
import java.util.List;

/** A new share of reads. */
record ReadsAction(String name) implements Action {
  private static final List<Stickiness> STICKINESS =
      List.of(
          Stickiness.STICKINESS_SESSION,
          Stickiness.STICKINESS_ENTITY,
          Stickiness.STICKINESS_USER,
          Stickiness.STICKINESS_RANDOM);

  @Override
  public String path() {
    return home() + "/reads";
  }

  @Override
  public String home() {
    return "/migrations/" + name;
  }

  @Override
  public Confirmation confirm(Viewer viewer, Form form) throws InvalidException {
    Migration migration = Moving.migration(viewer.calls(), name);
    int buckets = form.text("percent").isPresent() ? form.buckets() : migration.getReadBuckets();
    List<String> sentences = new ArrayList<>();
    sentences.add(
        "The share of reads asked for new goes from "
            + Words.percent(migration.getReadBuckets())
            + " to "
            + Words.percent(buckets)
            + ".");
    sentences.add(
        migration.getStage() == Stage.STAGE_RAMP
            ? "That is in force at once, in all sidecars."
            : "That will be in force in RAMP only; in "
                + Words.stage(migration.getStage())
                + " old answers all reads.");
    return new Confirmation(
        "Set the read share of " + name,
        sentences,
        List.of(),
        "Set the share",
        false,
        List.of(
            Field.hidden("version", String.valueOf(migration.getVersion())),
            Field.number(
                "percent",
                "Reads asked for new (percent)",
                Words.percentNumber(buckets),
                new Field.Range("0", "100", "0.001")),
            Field.select(
                    "stickiness",
                    "A caller stays on one side by",
                    Words.stickiness(migration.getStickiness()),
                    STICKINESS.stream().map(Words::stickiness).toList())
                .with("random: each read decides for itself")));
  }

  @Override
  public Outcome perform(Viewer viewer, Form form) throws InvalidException {
    SetReadPercentRequest.Builder request =
        SetReadPercentRequest.newBuilder()
            .setName(name)
            .setReadBuckets(form.buckets())
            .setStickiness(stickiness(form))
            .setNote(form.note(viewer.identity()));
    form.version().ifPresent(request::setExpectedVersion);
    return new Outcome.Told(
        viewer.calls().migrations().setReadPercent(request.build()).getMessage(), home());
  }

  private static Stickiness stickiness(Form form) throws InvalidException {
    String text = form.text("stickiness").orElse("");
    if (text.isEmpty()) {
      return Stickiness.STICKINESS_UNSPECIFIED;
    }
    return STICKINESS.stream()
        .filter(stickiness -> Words.stickiness(stickiness).equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidException(
                    "'" + text + "' is unknown: choose session, entity, user or random"));
  }
}
