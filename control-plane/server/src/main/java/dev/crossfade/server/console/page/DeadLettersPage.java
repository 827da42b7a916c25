package dev.crossfade.server.console.page;

import dev.crossfade.api.v1.DeadLetter;
import dev.crossfade.api.v1.ListDeadLettersRequest;
import dev.crossfade.api.v1.ListDeadLettersResponse;
import dev.crossfade.server.console.view.Templates;
import dev.crossfade.server.console.view.Words;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What the mirror of one migration has given up. A page of its own: it asks the databases. */
record DeadLettersPage(Templates templates, String name) implements Page {
  private static final int LETTERS_MAX = 200;
  private static final Duration EVERY = Duration.ofSeconds(10);

  /** An entity. */
  public record Row(String table, String key, String error, int attempts, String since) {
    static Row of(DeadLetter letter) {
      return new Row(
          letter.getTable(),
          letter.getKeyCount() == 0 ? "any" : String.join(", ", letter.getKeyList()),
          letter.getError(),
          letter.getAttempts(),
          Words.time(letter.getAt()));
    }
  }

  @Override
  public String path() {
    return "/migrations/" + name + "/dead-letters";
  }

  @Override
  public String title() {
    return "Dead letters of " + name;
  }

  @Override
  public Tab tab() {
    return Tab.MIGRATIONS;
  }

  @Override
  public Duration every() {
    return EVERY;
  }

  @Override
  public List<Part> parts(Viewer viewer) {
    ListDeadLettersResponse response =
        viewer
            .calls()
            .deadLetters()
            .listDeadLetters(
                ListDeadLettersRequest.newBuilder()
                    .setMigration(name)
                    .setLimit(LETTERS_MAX)
                    .build());
    List<Row> rows = response.getDeadLettersList().stream().map(Row::of).toList();
    return List.of(
        new Part(
            "deadletters",
            "whole",
            templates.render(
                "part/deadletters",
                Map.of(
                    "rows",
                    rows,
                    "more",
                    response.getMore(),
                    "name",
                    name,
                    "may",
                    viewer.identity().mayOperate()))));
  }
}
