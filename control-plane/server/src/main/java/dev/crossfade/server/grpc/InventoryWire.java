package dev.crossfade.server.grpc;

import com.google.protobuf.Timestamp;
import dev.crossfade.api.v1.InventoryPage;
import dev.crossfade.api.v1.LatencyBucket;
import dev.crossfade.api.v1.LatencyHistogram;
import dev.crossfade.api.v1.QueryKind;
import dev.crossfade.api.v1.SeenQuery;
import dev.crossfade.api.v1.SequentialScan;
import dev.crossfade.api.v1.Side;
import dev.crossfade.api.v1.TranslationRefusal;
import dev.crossfade.api.v1.TranslationStatus;
import dev.crossfade.core.measure.LatencySteps;
import dev.crossfade.engine.readiness.Standing;
import dev.crossfade.engine.readiness.Standing.Kind;
import dev.crossfade.engine.readiness.Standing.Translation;
import dev.crossfade.server.store.QueryRow;
import dev.crossfade.server.store.QueryRow.Besides;
import dev.crossfade.server.store.QueryRow.Counts;
import dev.crossfade.server.store.QueryRow.Page;
import dev.crossfade.server.store.QueryRow.Seen;
import dev.crossfade.server.store.QueryRow.Sender;
import java.time.Instant;
import java.util.List;

/**
 * Reads a sidecar's pages. What is over a limit is cut or left out: a page that is refused would
 * come again for ever.
 */
final class InventoryWire {
  private static final int QUERIES_MAX = 200;
  private static final int TEXT_MAX = 8_192;
  private static final int MIGRATIONS_MAX = 32;
  private static final int CODE_MAX = 64;
  private static final int DETAIL_MAX = 200;
  private static final int SCANS_MAX = 8;
  private static final int SCAN_BYTES_MAX = 4_096;

  private InventoryWire() {}

  /** False when no process can have sent it. */
  static boolean isWellFormed(InventoryPage page) {
    return !page.getIncarnation().isBlank()
        && page.getIncarnation().length() <= CODE_MAX
        && page.getIncarnation().indexOf('\0') < 0
        && page.getNumber() > 0;
  }

  static Page page(InventoryPage page, SidecarKey sender) {
    List<Seen> seen =
        page.getQueriesList().stream()
            .limit(QUERIES_MAX)
            .filter(query -> !query.getText().isEmpty() && query.getText().length() <= TEXT_MAX)
            .map(query -> seen(query, sender.service()))
            .toList();
    return new Page(
        new Sender(sender.service(), sender.instance(), page.getIncarnation()),
        page.getNumber(),
        seen,
        new Besides(
            sender.service(), Math.max(0, page.getUnmapped()), Math.max(0, page.getUnlisted())));
  }

  private static Seen seen(SeenQuery query, String service) {
    TranslationRefusal refusal = query.getRefusal();
    Instant at = instant(query.getLastSeen());
    return new Seen(
        query.getMigrationsList().stream().distinct().limit(MIGRATIONS_MAX).toList(),
        new QueryRow(
            service,
            plain(query.getText(), TEXT_MAX),
            new Standing(
                kind(query.getKind()),
                translation(query.getStatus()),
                plain(refusal.getCode(), CODE_MAX)),
            refusal.hasOffset() ? Math.max(0, refusal.getOffset()) : -1,
            plain(refusal.getDetail(), DETAIL_MAX),
            scans(query.getScansList()),
            new Counts(
                Math.max(0, query.getCount()),
                counts(query, Side.SIDE_OLD),
                counts(query, Side.SIDE_NEW),
                at,
                at)));
  }

  private static String plain(String text, int max) {
    String plain = text.replace('\0', ' ');
    return plain.length() <= max ? plain : plain.substring(0, max);
  }

  private static byte[] scans(List<SequentialScan> scans) {
    return SeenQuery.newBuilder()
        .addAllScans(
            scans.stream()
                .limit(SCANS_MAX)
                .filter(scan -> scan.getSerializedSize() <= SCAN_BYTES_MAX)
                .toList())
        .build()
        .toByteArray();
  }

  private static long[] counts(SeenQuery query, Side side) {
    long[] counts = new long[LatencySteps.COUNT];
    boolean any = false;
    for (LatencyHistogram histogram : query.getLatenciesList()) {
      if (histogram.getSide() == side) {
        for (LatencyBucket bucket : histogram.getBucketsList()) {
          counts[LatencySteps.of(bucket.getUpperMicros())] += Math.max(0, bucket.getCount());
          any = true;
        }
      }
    }
    return any ? counts : new long[0];
  }

  private static Instant instant(Timestamp timestamp) {
    return Instant.ofEpochSecond(
        Math.clamp(timestamp.getSeconds(), 0, Integer.MAX_VALUE), timestamp.getNanos());
  }

  private static Kind kind(QueryKind kind) {
    return switch (kind) {
      case QUERY_KIND_READ -> Kind.READ;
      case QUERY_KIND_WRITE -> Kind.WRITE;
      case QUERY_KIND_OTHER, QUERY_KIND_UNSPECIFIED, UNRECOGNIZED -> Kind.OTHER;
    };
  }

  private static Translation translation(TranslationStatus status) {
    return switch (status) {
      case TRANSLATION_STATUS_TRANSLATED -> Translation.TRANSLATED;
      case TRANSLATION_STATUS_REFUSED -> Translation.REFUSED;
      case TRANSLATION_STATUS_PENDING, TRANSLATION_STATUS_UNSPECIFIED, UNRECOGNIZED ->
          Translation.PENDING;
    };
  }

  static QueryKind kind(Kind kind) {
    return switch (kind) {
      case READ -> QueryKind.QUERY_KIND_READ;
      case WRITE -> QueryKind.QUERY_KIND_WRITE;
      case OTHER -> QueryKind.QUERY_KIND_OTHER;
    };
  }

  static TranslationStatus status(Translation translation) {
    return switch (translation) {
      case PENDING -> TranslationStatus.TRANSLATION_STATUS_PENDING;
      case TRANSLATED -> TranslationStatus.TRANSLATION_STATUS_TRANSLATED;
      case REFUSED -> TranslationStatus.TRANSLATION_STATUS_REFUSED;
    };
  }
}
