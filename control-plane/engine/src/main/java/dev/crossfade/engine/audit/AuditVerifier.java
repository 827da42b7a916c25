package dev.crossfade.engine.audit;

import dev.crossfade.engine.audit.AuditFlaw.Kind;
import java.util.Optional;

/** Reads a log from its first record to its last and finds the first flaw. Of one thread. */
public final class AuditVerifier {
  private final AuditHead noted;
  private final AuditHead remembered;
  private AuditHead last = AuditHead.START;

  /**
   * @param noted the end of the log, as it was noted apart from the records
   * @param remembered a record that somebody noted elsewhere; {@link AuditHead#START} for none
   */
  public AuditVerifier(AuditHead noted, AuditHead remembered) {
    this.noted = noted;
    this.remembered = remembered;
  }

  /**
   * The next record in the order of numbers.
   *
   * @return what is wrong; nothing more is to be asked then
   */
  public Optional<AuditFlaw> next(AuditRecord record) {
    long expected = last.number() + 1;
    if (record.number() > expected && expected <= noted.number()) {
      return Optional.of(
          new AuditFlaw(
              expected,
              Kind.MISSING,
              "record " + expected + " is missing: the next one is " + record.number()));
    }
    if (record.number() > noted.number()) {
      return Optional.of(
          new AuditFlaw(
              record.number(),
              Kind.ADDED,
              "record "
                  + record.number()
                  + " was added by hand: the log ends with record "
                  + noted.number()));
    }
    if (record.number() < expected || !record.hashAfter(last.hash()).equals(record.hash())) {
      return Optional.of(
          new AuditFlaw(
              record.number(),
              Kind.CHANGED,
              "record " + record.number() + " is not as it was written, or not where"));
    }
    if (record.number() == remembered.number() && !record.hash().equals(remembered.hash())) {
      return Optional.of(
          new AuditFlaw(
              record.number(),
              Kind.CHANGED,
              "record "
                  + record.number()
                  + " is not the one that was noted elsewhere: the log was written anew"));
    }
    last = record.head();
    return Optional.empty();
  }

  /** There are no more records. */
  public Optional<AuditFlaw> end() {
    long end = Math.max(noted.number(), remembered.number());
    if (last.number() < end) {
      long first = last.number() + 1;
      return Optional.of(
          new AuditFlaw(
              first,
              Kind.MISSING,
              "record "
                  + first
                  + (first == end ? " is" : " and all to " + end + " are")
                  + " missing at the end"));
    }
    return last.hash().equals(noted.hash())
        ? Optional.empty()
        : Optional.of(
            new AuditFlaw(
                last.number(),
                Kind.END,
                "record " + last.number() + " is not the one that was noted as the last"));
  }

  /** The last record that fits. */
  public AuditHead last() {
    return last;
  }
}
