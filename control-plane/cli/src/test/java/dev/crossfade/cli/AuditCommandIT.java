package dev.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.cli.LiveControlPlane.Outcome;
import org.junit.jupiter.api.Test;

/** {@code ctl audit}, against a real control plane. */
class AuditCommandIT {
  @Test
  void theWholeWay() throws Exception {
    try (LiveControlPlane live = LiveControlPlane.start()) {
      live.ctl("apply", "-f", live.file(LiveControlPlane.MIGRATION).toString());
      live.ctl("stage", "DUAL_WRITE", "--reason", "now");
      Outcome all = live.ctl("audit");
      assertThat(all.exitCode()).isZero();
      assertThat(all.out().lines().toList().get(1))
          .matches("3 +\\S+ \\S+ +ada +catalog.stage +split-customers +OFF, .* +now");
      assertThat(live.ctl("audit", "--actor", "bob").out()).isEqualTo("no such changes");
      assertThat(live.ctl("audit", "--limit", "1").out()).endsWith("--before 3");
      assertThat(live.ctl("audit", "--from", "yesterday").err())
          .isEqualTo("ctl: --from 'yesterday' is no time: write it such as 2026-01-02T03:04:05Z");
      assertThat(live.ctl("audit", "--migration", "split-customers", "-o", "json").out())
          .contains("\"action\": \"catalog.created\"");
      Outcome whole = live.ctl("audit", "verify");
      assertThat(whole.exitCode()).isZero();
      assertThat(whole.out()).startsWith("all 3 records are as they were written");
      String last = whole.out().lines().toList().getLast();
      assertThat(live.ctl("audit", "verify", "--noted", last).exitCode()).isZero();
      String other = last.substring(0, 2) + "0".repeat(64);
      assertThat(live.ctl("audit", "verify", "--noted", other))
          .isEqualTo(
              new Outcome(
                  1,
                  "",
                  "ctl: record 3 is not the one that was noted elsewhere: the log was written"
                      + " anew"));
      assertThat(live.ctl("audit", "verify", "--noted", "3").exitCode()).isEqualTo(2);
    }
  }
}
