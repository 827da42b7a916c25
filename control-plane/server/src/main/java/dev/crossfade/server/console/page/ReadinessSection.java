package dev.crossfade.server.console.page;

import dev.crossfade.api.v1.AnswerTime;
import dev.crossfade.api.v1.Coverage;
import dev.crossfade.api.v1.Query;
import dev.crossfade.api.v1.Readiness;
import dev.crossfade.api.v1.TranslationStatus;
import dev.crossfade.server.console.view.Words;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which statements are translated, how fast both sides are with them, and which ones block a stage.
 */
record ReadinessSection() implements Section {
  /**
   * How much is translated.
   *
   * @param width from 0 to 100, of executions
   */
  public record CoverageRow(String name, String text, double width) {
    static CoverageRow of(String name, Coverage coverage) {
      double width =
          coverage.getExecutions() == 0
              ? 0
              : 100.0 * coverage.getTranslatedExecutions() / coverage.getExecutions();
      return new CoverageRow(
          name,
          coverage.getTranslatedFingerprints()
              + " of "
              + Words.count(coverage.getFingerprints(), "statement", "statements")
              + ", "
              + Words.count(coverage.getTranslatedExecutions())
              + " of "
              + Words.count(coverage.getExecutions(), "execution", "executions"),
          width);
    }
  }

  /** What keeps it from a stage. */
  public record StageRow(String stage, int blocking, int pending) {}

  /**
   * A statement.
   *
   * @param tone {@code good}, {@code warn} or {@code bad}
   */
  public record QueryRow(
      String text,
      String service,
      String kind,
      String standing,
      String tone,
      String blocks,
      String executions,
      String onOld,
      String onNew,
      List<String> scans) {
    static QueryRow of(Query query) {
      boolean blocks = query.getBlocksCount() > 0;
      boolean translated = query.getStatus() == TranslationStatus.TRANSLATION_STATUS_TRANSLATED;
      return new QueryRow(
          query.getText(),
          query.getService(),
          Words.lower(query.getKind().name(), "QUERY_KIND_"),
          standing(query),
          blocks ? "bad" : translated && query.getScansCount() == 0 ? "good" : "warn",
          query.getBlocksList().stream().map(Words::stage).collect(Collectors.joining(", ")),
          Words.count(query.getExecutions()),
          query.hasOnOld() ? time(query.getOnOld()) : "–",
          query.hasOnNew() ? time(query.getOnNew()) : "–",
          query.getScansList().stream()
              .flatMap(
                  scan ->
                      Stream.of(
                              "reads all of "
                                  + scan.getTable()
                                  + " ("
                                  + (scan.getSizeBytes() >> 20)
                                  + " MiB) on new",
                              scan.getProposal())
                          .filter(line -> !line.isEmpty()))
              .toList());
    }

    private static String standing(Query query) {
      return switch (query.getStatus()) {
        case TRANSLATION_STATUS_TRANSLATED ->
            query.getScansCount() > 0 ? "an index is missing on new" : "translated";
        case TRANSLATION_STATUS_REFUSED ->
            query.getRefusal().getCode()
                + (query.getRefusal().getDetail().isEmpty()
                    ? ""
                    : " (" + query.getRefusal().getDetail() + ")");
        case TRANSLATION_STATUS_PENDING, TRANSLATION_STATUS_UNSPECIFIED, UNRECOGNIZED ->
            "its plan is being made";
      };
    }

    private static String time(AnswerTime time) {
      return Words.latency(time.getP50Micros()) + " / " + Words.latency(time.getP99Micros());
    }
  }

  @Override
  public String id() {
    return "readiness";
  }

  @Override
  public String width() {
    return "whole";
  }

  @Override
  public Map<String, Object> model(Facts facts, Viewer viewer) {
    Readiness readiness = facts.readiness();
    return Map.of(
        "coverage",
        List.of(
            CoverageRow.of("Reads", readiness.getReads()),
            CoverageRow.of("Writes", readiness.getWrites()),
            CoverageRow.of("Others", readiness.getOthers())),
        "stages",
        readiness.getStagesList().stream()
            .map(
                stage ->
                    new StageRow(
                        Words.stage(stage.getStage()), stage.getBlocking(), stage.getPending()))
            .toList(),
        "queries",
        readiness.getQueriesList().stream().map(QueryRow::of).toList(),
        "leftOut",
        readiness.getLeftOut());
  }
}
