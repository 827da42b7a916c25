package dev.crossfade.engine.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.engine.audit.AuditEntry.Author;
import dev.crossfade.engine.audit.AuditEntry.Difference;
import dev.crossfade.engine.audit.AuditFlaw.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AuditVerifierTest {
  private static final Instant START = Instant.parse("2026-01-02T03:04:05.678901Z");

  private static List<AuditRecord> log(int length, Random random) {
    List<AuditRecord> records = new ArrayList<>();
    AuditHead head = AuditHead.START;
    for (int i = 0; i < length; i++) {
      AuditRecord record =
          AuditRecord.after(head, START.plusMillis(random.nextInt(1_000)), entry(random));
      records.add(record);
      head = record.head();
    }
    return records;
  }

  private static AuditEntry entry(Random random) {
    return new AuditEntry(
        "job.paused",
        text(random),
        new Author(text(random), text(random)),
        new Difference(text(random), text(random)));
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i > 0; i--) {
      text.appendCodePoint(random.nextBoolean() ? 'a' + random.nextInt(26) : 0x1F600 + i);
    }
    return text.toString();
  }

  private static Optional<AuditFlaw> verify(List<AuditRecord> records, AuditHead noted) {
    return verify(records, noted, AuditHead.START);
  }

  private static Optional<AuditFlaw> verify(
      List<AuditRecord> records, AuditHead noted, AuditHead remembered) {
    AuditVerifier verifier = new AuditVerifier(noted, remembered);
    for (AuditRecord record : records) {
      Optional<AuditFlaw> flaw = verifier.next(record);
      if (flaw.isPresent()) {
        return flaw;
      }
    }
    return verifier.end();
  }

  private static void assertFlaw(
      List<AuditRecord> records, AuditHead noted, long number, Kind kind) {
    assertThat(verify(records, noted))
        .hasValueSatisfying(
            flaw -> {
              assertThat(flaw.number()).isEqualTo(number);
              assertThat(flaw.kind()).isEqualTo(kind);
              assertThat(flaw.message()).contains("record " + number);
            });
  }

  @Test
  void aLogAsItWasWrittenIsWhole() {
    for (int length = 0; length < 20; length++) {
      List<AuditRecord> log = log(length, new Random(length));
      AuditHead head = length == 0 ? AuditHead.START : log.getLast().head();
      assertThat(verify(log, head)).isEmpty();
    }
  }

  @Test
  void anyRandomChangeOfOneFieldIsNamed() {
    for (long seed = 0; seed < 2_000; seed++) {
      Random random = new Random(seed);
      List<AuditRecord> log = log(1 + random.nextInt(12), random);
      AuditHead noted = log.getLast().head();
      int place = random.nextInt(log.size());
      AuditRecord before = log.get(place);
      AuditRecord after = changed(before, random);
      if (!after.equals(before)) {
        log.set(place, after);
        Optional<AuditFlaw> flaw = verify(log, noted);
        assertThat(flaw).as("seed " + seed).isPresent();
        assertThat(flaw.get().number()).as("seed " + seed).isEqualTo(before.number());
      }
    }
  }

  private static AuditRecord changed(AuditRecord record, Random random) {
    AuditEntry entry = record.entry();
    Author author = entry.author();
    Difference difference = entry.difference();
    int which = random.nextInt(8);
    String now = text(random);
    AuditEntry other =
        new AuditEntry(
            which == 0 ? "job.resumed" : entry.action(),
            which == 1 ? now : entry.migration(),
            new Author(which == 2 ? now : author.actor(), which == 3 ? now : author.reason()),
            new Difference(
                which == 4 ? now : difference.before(), which == 5 ? now : difference.after()));
    char[] hash = record.hash().toCharArray();
    hash[random.nextInt(hash.length)] = "0123456789abcdef".charAt(random.nextInt(16));
    return new AuditRecord(
        record.number(),
        which == 6 ? record.at().plusNanos(1_000) : record.at(),
        other,
        which == 7 ? new String(hash) : record.hash());
  }

  @Test
  void textThatMovesFromOneFieldToTheNextIsAnotherRecord() {
    Set<String> hashes = new HashSet<>();
    for (int cut = 0; cut <= 4; cut++) {
      AuditEntry entry =
          new AuditEntry(
              "job.paused",
              "",
              new Author("abcd".substring(0, cut), "abcd".substring(cut)),
              Difference.to(""));
      hashes.add(AuditRecord.after(AuditHead.START, START, entry).hash());
    }
    assertThat(hashes).hasSize(5);
  }

  @Test
  void whatIsGoneIsNamed() {
    List<AuditRecord> log = log(6, new Random(1));
    AuditHead noted = log.getLast().head();
    assertFlaw(log.subList(1, 6), noted, 1, Kind.MISSING);
    assertFlaw(List.of(), noted, 1, Kind.MISSING);
    assertFlaw(log.subList(0, 5), noted, 6, Kind.MISSING);
    assertFlaw(log.subList(0, 3), noted, 4, Kind.MISSING);
    List<AuditRecord> without = new ArrayList<>(log);
    without.remove(2);
    assertFlaw(without, noted, 3, Kind.MISSING);
  }

  @Test
  void whatChangedItsPlaceIsNamed() {
    List<AuditRecord> log = log(6, new Random(2));
    AuditHead noted = log.getLast().head();
    List<AuditRecord> swapped = new ArrayList<>(log);
    Collections.swap(swapped, 2, 4);
    // As the database gives them: by their numbers, with the other's contents.
    swapped.replaceAll(
        record ->
            new AuditRecord(
                swapped.indexOf(record) + 1, record.at(), record.entry(), record.hash()));
    assertFlaw(swapped, noted, 3, Kind.CHANGED);
  }

  @Test
  void whatWasAddedIsNamed() {
    List<AuditRecord> log = log(4, new Random(3));
    AuditHead noted = log.getLast().head();
    log.add(AuditRecord.after(noted, START, entry(new Random(4))));
    assertFlaw(log, noted, 5, Kind.ADDED);
    List<AuditRecord> twice = new ArrayList<>(log(3, new Random(5)));
    AuditHead end = twice.getLast().head();
    twice.add(1, twice.getFirst());
    assertFlaw(twice, end, 1, Kind.CHANGED);
  }

  @Test
  void aWrittenOverEndIsNamed() {
    List<AuditRecord> log = log(3, new Random(6));
    assertFlaw(log, new AuditHead(3, AuditHead.START.hash()), 3, Kind.END);
    assertFlaw(log, new AuditHead(2, log.get(1).hash()), 3, Kind.ADDED);
  }

  @Test
  void aLogThatWasWrittenAnewIsNotTheOneThatWasRemembered() {
    List<AuditRecord> log = log(5, new Random(7));
    List<AuditRecord> anew = log(5, new Random(8));
    AuditHead remembered = log.get(2).head();
    assertThat(verify(log, log.getLast().head(), remembered)).isEmpty();
    assertThat(verify(anew, anew.getLast().head(), remembered))
        .hasValueSatisfying(flaw -> assertThat(flaw.number()).isEqualTo(3));
    assertThat(verify(log.subList(0, 2), log.get(1).head(), remembered))
        .hasValueSatisfying(flaw -> assertThat(flaw.kind()).isEqualTo(Kind.MISSING));
  }

  @Test
  void whatIsTooLongIsCut() {
    String longText = "x".repeat(AuditEntry.TEXT_MAX_CHARS + 1);
    assertThat(Difference.to(longText).after()).hasSize(AuditEntry.TEXT_MAX_CHARS).endsWith("x...");
    assertThatThrownBy(() -> new Difference("", longText))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
