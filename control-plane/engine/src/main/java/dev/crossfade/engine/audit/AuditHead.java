package dev.crossfade.engine.audit;

/**
 * The end of a log: who knows it knows when records are gone.
 *
 * @param number of the last record; 0 when there is none
 * @param hash of the last record, SHA-256 in lower-case hex
 */
public record AuditHead(long number, String hash) {
  /** Of a log without records. */
  public static final AuditHead START = new AuditHead(0, "0".repeat(64));
}
