package dev.crossfade.engine.audit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;

/**
 * One record of the audit log. Its hash is made of everything in it and of the record before:
 *
 * <pre>
 * SHA-256( "crossfade.audit.v1" , hash of the record before as hex
 *          number: 8 bytes , at: seconds 8 bytes, nanoseconds 4 bytes
 *          action , migration , actor , reason , before , after )      each text: length 4 bytes, UTF-8
 * </pre>
 *
 * <p>Texts carry their lengths, so no two different records are the same bytes.
 *
 * @param number from 1, without gaps
 * @param at in microseconds, as the database keeps it
 * @param hash in lower-case hex
 */
public record AuditRecord(long number, Instant at, AuditEntry entry, String hash) {
  private static final String FORM = "crossfade.audit.v1";

  /** The one that comes after {@code head}. */
  public static AuditRecord after(AuditHead head, Instant now, AuditEntry entry) {
    long number = head.number() + 1;
    Instant at = now.truncatedTo(ChronoUnit.MICROS);
    return new AuditRecord(number, at, entry, hash(head.hash(), number, at, entry));
  }

  /** What its hash is if the record before has this one. */
  String hashAfter(String previous) {
    return hash(previous, number, at, entry);
  }

  /** The log's end once it is the last. */
  public AuditHead head() {
    return new AuditHead(number, hash);
  }

  private static String hash(String previous, long number, Instant at, AuditEntry entry) {
    MessageDigest digest = sha256();
    update(digest, FORM);
    update(digest, previous);
    digest.update(
        ByteBuffer.allocate(Long.BYTES + Long.BYTES + Integer.BYTES)
            .putLong(number)
            .putLong(at.getEpochSecond())
            .putInt(at.getNano())
            .flip());
    update(digest, entry.action());
    update(digest, entry.migration());
    update(digest, entry.author().actor());
    update(digest, entry.author().reason());
    update(digest, entry.difference().before());
    update(digest, entry.difference().after());
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void update(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
    digest.update(bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
