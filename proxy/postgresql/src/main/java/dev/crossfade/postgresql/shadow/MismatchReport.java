package dev.crossfade.postgresql.shadow;

import dev.crossfade.core.compare.ComparisonRules.Values;
import dev.crossfade.core.compare.Difference;
import dev.crossfade.core.compare.Verdict;
import dev.crossfade.postgresql.shadow.AnswerJudge.Judgement;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells of confirmed differences what the migration file lets be told. */
final class MismatchReport {
  private static final Logger LOG = LoggerFactory.getLogger(MismatchReport.class);
  private static final String ALGORITHM = "HmacSHA256";
  private static final int HASH_BYTES = 8;

  private static final int MOST_TOLD = 500;

  private final Comparisons comparisons;

  /** Guarded by this. */
  private final Set<String> told = new HashSet<>();

  /** Of this process: a hash that leaves it tells nobody which of few values it was made from. */
  private final SecretKeySpec key;

  MismatchReport(Comparisons comparisons) {
    this.comparisons = comparisons;
    byte[] secret = new byte[32];
    new SecureRandom().nextBytes(secret);
    this.key = new SecretKeySpec(secret, ALGORITHM);
  }

  void add(Doubt doubt, Judgement judgement, Answer onOld, Answer onNew) {
    ComparedQuery query = doubt.sample.query();
    Difference found = judgement.difference();
    MismatchSample sample =
        new MismatchSample(
            query.migration(),
            query.id(),
            query.text(),
            judgement.verdict(),
            doubt.at,
            new Difference(
                found.verdict(), found.columns(), found.keys(), shown(query, found.values())),
            rows(onOld),
            rows(onNew),
            judgement.sqlState(),
            "",
            "");
    comparisons.add(sample);
    if (isNews(query, judgement.verdict())) {
      LOG.atWarn()
          .addKeyValue("migration", query.migration())
          .addKeyValue("query", query.id())
          .addKeyValue("verdict", judgement.verdict())
          .addKeyValue("columns", found.columns())
          .log("new answers a read otherwise than old");
    }
  }

  /** The log has each difference once, until others have taken its place. */
  private synchronized boolean isNews(ComparedQuery query, Verdict verdict) {
    if (told.size() >= MOST_TOLD) {
      told.clear();
    }
    return told.add(query.id() + verdict);
  }

  /** New is far slower. */
  void slow(Doubt doubt, PlanExplainer.Plans plans) {
    ComparedQuery query = doubt.sample.query();
    if (isNews(query, Verdict.SLOW)) {
      LOG.atWarn()
          .addKeyValue("migration", query.migration())
          .addKeyValue("query", query.id())
          .log("new is far slower than old");
    }
    comparisons.add(
        new MismatchSample(
            query.migration(),
            query.id(),
            query.text(),
            Verdict.SLOW,
            doubt.at,
            new Difference(Verdict.SLOW, List.of(), List.of(), List.of()),
            0,
            0,
            "",
            plans.old(),
            plans.target()));
  }

  private static long rows(Answer answer) {
    return answer instanceof Answer.Rows rows ? rows.digest().rows() : 0;
  }

  private List<Difference.Pair> shown(ComparedQuery query, List<Difference.Pair> values) {
    if (query.rules().values() == Values.CLEAR) {
      return values;
    }
    List<Difference.Pair> hashed = new ArrayList<>();
    for (Difference.Pair pair : values) {
      hashed.add(new Difference.Pair(pair.column(), hash(pair.old()), hash(pair.target())));
    }
    return hashed;
  }

  private String hash(String value) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      byte[] hash = mac.doFinal(value.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, HASH_BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JVM has " + ALGORITHM, e);
    }
  }
}
