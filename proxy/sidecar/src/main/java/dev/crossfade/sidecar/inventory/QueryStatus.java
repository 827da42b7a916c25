package dev.crossfade.sidecar.inventory;

import dev.crossfade.api.v1.SequentialScan;
import dev.crossfade.api.v1.TranslationRefusal;
import dev.crossfade.api.v1.TranslationStatus;
import dev.crossfade.core.route.RouteReason;
import dev.crossfade.postgresql.parity.Finding;
import dev.crossfade.postgresql.plan.PlanCache;
import dev.crossfade.postgresql.plan.PlanState;
import dev.crossfade.postgresql.plan.ReadPlan;
import dev.crossfade.sql.parse.Fingerprint;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a statement stands, as it is told.
 *
 * @param authoritys whether it is the authority's for what it does beside reading
 * @param refusal null unless refused
 */
record QueryStatus(
    boolean authoritys,
    TranslationStatus status,
    @Nullable TranslationRefusal refusal,
    List<SequentialScan> scans) {
  static final QueryStatus PENDING =
      new QueryStatus(false, TranslationStatus.TRANSLATION_STATUS_PENDING, null, List.of());

  /** No text with the fingerprint was short enough for a plan. */
  static final QueryStatus TOO_LARGE =
      refused(
          false,
          TranslationRefusal.newBuilder()
              .setCode("TOO_LARGE")
              .setDetail("more than " + PlanCache.MAX_STATEMENT_BYTES + " bytes with its literals")
              .build());

  private static final QueryStatus MOVABLE =
      new QueryStatus(true, TranslationStatus.TRANSLATION_STATUS_TRANSLATED, null, List.of());

  private static final int DETAIL_MAX = 200;
  private static final Pattern SQLSTATE = Pattern.compile("SQLSTATE [0-9A-Z]{5}");
  private static final Pattern NAME = Pattern.compile("[A-Za-z_\"].*");

  /** Refusals that are explained in the sidecar's own words alone. */
  private static final Set<String> OWN_WORDS =
      Set.of("TYPES_DIFFER", "NO_ROWS", "TOO_LARGE", "TOO_DEEP", "NOT_WRITABLE");

  QueryStatus {
    scans = List.copyOf(scans);
  }

  static QueryStatus of(PlanState state, Fingerprint fingerprint, KnownOfNew known) {
    return switch (state) {
      case PlanState.Pending ignored -> PENDING;
      case PlanState.Ready(ReadPlan plan) ->
          plan.isFailing()
              ? refused(false, TranslationRefusal.newBuilder().setCode("FAILS_ON_NEW").build())
              : new QueryStatus(
                  false,
                  TranslationStatus.TRANSLATION_STATUS_TRANSLATED,
                  null,
                  known.scans().apply(fingerprint));
      case PlanState.Movable _, PlanState.Written _ ->
          known.differences().apply(fingerprint).map(QueryStatus::differs).orElse(MOVABLE);
      case PlanState.Refused refused ->
          refused(refused.reason() == RouteReason.NOT_A_READ, message(refused, fingerprint));
    };
  }

  /** It can be carried out on new, with another outcome. */
  private static QueryStatus differs(Finding found) {
    return refused(
        true,
        TranslationRefusal.newBuilder().setCode("WRITE_DIFFERS").setDetail(found.what()).build());
  }

  private static QueryStatus refused(boolean authoritys, TranslationRefusal refusal) {
    return new QueryStatus(
        authoritys, TranslationStatus.TRANSLATION_STATUS_REFUSED, refusal, List.of());
  }

  private static TranslationRefusal message(PlanState.Refused refused, Fingerprint fingerprint) {
    TranslationRefusal.Builder message =
        TranslationRefusal.newBuilder()
            .setCode(refused.code())
            .setDetail(detail(refused, fingerprint));
    if (refused.token() >= 0) {
      message.setOffset(fingerprint.position(refused.token()));
    }
    return message.build();
  }

  /**
   * A detail may quote the text that the plan was made from, literals included. Told is only what
   * the normalised text shows as well, the sidecar's own words, and a server's SQLSTATE.
   */
  private static String detail(PlanState.Refused refused, Fingerprint fingerprint) {
    String detail = refused.detail();
    Matcher state = SQLSTATE.matcher(detail);
    if (state.find()) {
      return state.group();
    }
    boolean shown =
        OWN_WORDS.contains(refused.code())
            || NAME.matcher(detail).matches()
                && fingerprint.normalizedText().contains(detail.toLowerCase(Locale.ROOT));
    return shown && detail.length() <= DETAIL_MAX ? detail : "";
  }
}
