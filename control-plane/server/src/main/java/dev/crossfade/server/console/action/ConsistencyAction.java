package dev.crossfade.server.console.action;

import com.google.protobuf.util.Durations;
import dev.crossfade.api.v1.Consistency;
import dev.crossfade.api.v1.Migration;
import dev.crossfade.api.v1.ReadFreshness;
import dev.crossfade.api.v1.SetConsistencyRequest;
import dev.crossfade.api.v1.WriteAck;
import dev.crossfade.server.console.action.Form.InvalidException;
import dev.crossfade.server.console.page.Viewer;
import dev.crossfade.server.console.view.Words;
import java.util.List;

/** What clients are promised about the two sides. */
record ConsistencyAction(String name) implements Action {
  private static final List<ReadFreshness> FRESHNESS =
      List.of(
          ReadFreshness.READ_FRESHNESS_READ_YOUR_WRITES,
          ReadFreshness.READ_FRESHNESS_BOUNDED,
          ReadFreshness.READ_FRESHNESS_EVENTUAL);
  private static final List<WriteAck> ACKS =
      List.of(WriteAck.WRITE_ACK_ASYNC, WriteAck.WRITE_ACK_MIRRORED);
  private static final String USUAL_BOUND = "500";

  @Override
  public String path() {
    return home() + "/consistency";
  }

  @Override
  public String home() {
    return "/migrations/" + name;
  }

  @Override
  public Confirmation confirm(Viewer viewer, Form form) {
    Migration migration = Moving.migration(viewer.calls(), name);
    Consistency now = migration.getConsistency();
    return new Confirmation(
        "Set what clients of " + name + " are promised",
        List.of(
            "Now: " + Words.consistency(now) + ".",
            "read-your-writes: a session never sees less than it has seen or written before."
                + " bounded: what was committed longer ago than the bound is seen. eventual: some"
                + " time.",
            "async: a client hears of its commit when the authority has it. mirrored: when the"
                + " other side has it as well, or the sidecar's limit of time has passed.",
            "That is in force at once, in all sidecars."),
        List.of(),
        "Set the promises",
        false,
        List.of(
            Field.hidden("version", String.valueOf(migration.getVersion())),
            Field.select(
                "freshness",
                "Reads of new",
                Words.freshness(now.getFreshness()),
                FRESHNESS.stream().map(Words::freshness).toList()),
            Field.number(
                    "bound",
                    "Bound (milliseconds)",
                    now.hasBound()
                        ? String.valueOf(Durations.toMillis(now.getBound()))
                        : USUAL_BOUND,
                    new Field.Range("100", "3600000", "1"))
                .with("Counts for bounded only."),
            Field.select(
                "ack",
                "Writes are acknowledged",
                Words.ack(now.getAck()),
                ACKS.stream().map(Words::ack).toList())));
  }

  @Override
  public Outcome perform(Viewer viewer, Form form) throws InvalidException {
    ReadFreshness freshness =
        Form.chosen("freshness", form.text("freshness").orElse(""), FRESHNESS, Words::freshness);
    Consistency.Builder wanted =
        Consistency.newBuilder()
            .setFreshness(freshness)
            .setAck(Form.chosen("ack", form.text("ack").orElse(""), ACKS, Words::ack));
    if (freshness == ReadFreshness.READ_FRESHNESS_BOUNDED) {
      wanted.setBound(Durations.fromMillis(form.number("bound", 100, 3_600_000)));
    }
    SetConsistencyRequest.Builder request =
        SetConsistencyRequest.newBuilder()
            .setName(name)
            .setConsistency(wanted)
            .setNote(form.note(viewer.identity()));
    form.version().ifPresent(request::setExpectedVersion);
    return new Outcome.Told(
        viewer.calls().migrations().setConsistency(request.build()).getMessage(), home());
  }
}
