package dev.crossfade.server.signal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.api.v1.MigrationSignals;
import dev.crossfade.api.v1.MirrorSignals;
import dev.crossfade.api.v1.QuerySignals;
import dev.crossfade.api.v1.SideSignals;
import dev.crossfade.engine.signal.Reading;
import dev.crossfade.server.store.SignalRow;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ObservedTest {
  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
  private static final long SECOND = 1_000_000_000L;

  private final Observed observed = new Observed("orders", NOW);

  private void reported(String sidecar, long nanos, long onOld) {
    observed.reported(sidecar, NOW, nanos, answers(onOld).build(), Reads.NONE);
  }

  private static MigrationSignals.Builder answers(long onOld) {
    return MigrationSignals.newBuilder()
        .setMigration("orders")
        .setOnOld(SideSignals.newBuilder().setAnswers(onOld));
  }

  private long onOld() {
    return observed.reading(0).totals().onOld().count();
  }

  private SignalRow written(String replica) {
    return observed.toWrite(replica, 0, false).orElseThrow();
  }

  @Test
  void aProcessThatTakesAnotherNameCountsNothingTwiceAndLosesNothing() {
    reported("a", 0, 10);
    SignalRow first = written("one");
    reported("a", 0, 5);
    observed.becomeAnother();
    assertThat(onOld()).isEqualTo(15);
    SignalRow second = written("two");
    assertThat(StoredSums.read(second).answersOnOld()).isEqualTo(5);
    assertThat(observed.others(List.of(first))).isTrue();
    assertThat(onOld()).isEqualTo(15);
    // Meanwhile it was taken for gone, and what it had written added up.
    SignalRow gone =
        new SignalRow(
            "orders",
            "",
            first.totals(),
            first.reads(),
            first.fleet(),
            first.gauge(),
            first.reportedAt(),
            false);
    assertThat(observed.others(List.of(gone))).isTrue();
    assertThat(onOld()).isEqualTo(15);
  }

  @Test
  void whatHasNotChangedIsNotWrittenAgain() {
    reported("a", 0, 1);
    assertThat(observed.toWrite("one", 0, false)).isPresent();
    assertThat(observed.toWrite("one", 0, false)).isEmpty();
    assertThat(observed.toWrite("one", 0, true)).isPresent();
    observed.notWritten();
    assertThat(observed.toWrite("one", 0, false)).isPresent();
  }

  @Test
  void rowsWithoutTotalsAreAsTheyWereReadLast() {
    reported("a", 0, 3);
    SignalRow whole = written("other");
    SignalRow part =
        new SignalRow(
            "orders",
            "other",
            new byte[0],
            whole.reads(),
            whole.fleet(),
            whole.gauge(),
            whole.reportedAt(),
            false);
    assertThat(observed.others(List.of(part))).isFalse();
    assertThat(observed.others(List.of(whole))).isTrue();
    assertThat(observed.others(List.of(part))).isTrue();
    assertThat(onOld()).isEqualTo(6);
  }

  @Test
  void whoDoesNotReportAnyMoreIsSilentAndThenForgotten() {
    reported("a", 0, 1);
    reported("b", 8 * SECOND, 1);
    Reading late = observed.reading(9 * SECOND);
    assertThat(late.reporting()).isEqualTo(1);
    assertThat(late.silent()).isEqualTo(1);
    assertThat(observed.reading(400 * SECOND).silent()).isZero();
  }

  @Test
  void theMirrorIsAsTheSidecarSaysThatSeesMostOfIt() {
    observed.reported("a", NOW, 0, mirrored(3, 10).build(), Reads.NONE);
    observed.reported("b", NOW, 0, mirrored(-1, 20).build(), Reads.NONE);
    assertThat(observed.reading(0).mirror().pending()).hasValue(3);
    assertThat(observed.reading(0).mirror().lag().orElseThrow()).hasMillis(20);
    assertThat(observed.reading(10 * SECOND).mirror().pending()).isEmpty();
  }

  private static MigrationSignals.Builder mirrored(long pending, int lagMillis) {
    return answers(1)
        .setMirror(
            MirrorSignals.newBuilder()
                .setPending(pending)
                .setLag(com.google.protobuf.Duration.newBuilder().setNanos(lagMillis * 1_000_000)));
  }

  @Test
  void ofStatementsThoseSeenLastAreKept() {
    for (int i = 0; i < 300; i++) {
      observed.reported(
          "a",
          NOW,
          0,
          answers(1)
              .addQueries(
                  QuerySignals.newBuilder()
                      .setQuery(String.format("%016x", i))
                      .setOnOld(SideSignals.newBuilder().setAnswers(i)))
              .build(),
          Reads.NONE);
    }
    List<Observed.QueryTotals> kept = observed.queries(1_000);
    assertThat(kept).hasSize(200);
    assertThat(kept.getFirst().query()).isEqualTo(String.format("%016x", 299));
    assertThat(observed.queries(3)).hasSize(3);
  }
}
