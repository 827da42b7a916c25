package dev.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.cli.LiveControlPlane.Outcome;
import dev.crossfade.engine.catalog.MigrationText;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** {@code ctl evidence}, against a real control plane. */
class EvidenceCommandIT {
  @Test
  void aVerdictIsSubmittedListedAndShown() throws Exception {
    try (LiveControlPlane live = LiveControlPlane.start()) {
      live.ctl("apply", "-f", live.file(LiveControlPlane.MIGRATION).toString());
      assertThat(live.ctl("evidence", "list").out()).startsWith("no verdict yet");
      Path file =
          live.file(
              """
              {"format": 1, "migration": "split-customers", "fileHash": "%s", "outcome": "NO_GO",
               "measuredAt": "%s",
               "reasons": [{"kind": "SLOWER", "fingerprint": "select ?4", "message": "twice as long"}],
               "ways": [{"name": "old", "transactions": "10", "achieved": 5.0, "p50Micros": "1500"}],
               "statements": [{"fingerprint": "select ?4", "ratio": 2.0}]}
              """
                  .formatted(
                      new MigrationText(LiveControlPlane.MIGRATION, "").hash(), Instant.now()));
      assertThat(live.ctl("evidence", "submit", file.toString()))
          .isEqualTo(
              new Outcome(0, "verdict 1 of 'split-customers' is kept: no go, twice as long", ""));
      assertThat(live.ctl("evidence", "list").out())
          .contains("no go")
          .contains("ada")
          .contains("twice as long");
      assertThat(live.ctl("evidence", "show", "1").out())
          .contains("SLOWER: twice as long")
          .contains("1.50")
          .contains("select ?4");
      assertThat(live.ctl("evidence", "show", "1", "-o", "json").out())
          .contains("\"outcome\": \"NO_GO\"");
      Outcome wrong = live.ctl("evidence", "submit", live.file("{\"verdict\": 1}").toString());
      assertThat(wrong.exitCode()).isEqualTo(2);
      assertThat(wrong.err()).contains("is no verdict of 'crossfade bench rollout'");
      Outcome unknown = live.ctl("evidence", "show", "9");
      assertThat(unknown.err()).isEqualTo("ctl: there is no verdict 9");
    }
  }
}
