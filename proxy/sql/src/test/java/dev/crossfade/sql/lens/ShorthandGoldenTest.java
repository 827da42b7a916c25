package dev.crossfade.sql.lens;

import dev.crossfade.sql.lens.LensPreview.Query;
import dev.crossfade.sql.yaml.InvalidFileException;
import org.junit.jupiter.api.Test;

/** Each entry of {@code spec.tables} and the queries that it comes to, without a database. */
final class ShorthandGoldenTest {
  private static final String HEAD =
      """
      apiVersion: crossfade.dev/v1
      kind: Migration
      metadata: {name: m}
      spec:
        engine: postgresql
        tables:
      """;

  @Test
  void comesToTheQueriesAsRecorded() {
    Golden.check("shorthand.golden", ShorthandGoldenTest::queries);
  }

  private static String queries(String tables) {
    LensPreview preview;
    try {
      preview = LensPreview.parse(HEAD + tables.indent(4), "m.yaml");
    } catch (InvalidFileException e) {
      return String.valueOf(e.getMessage());
    }
    StringBuilder text = new StringBuilder();
    preview.downs().forEach(query -> show(text, "down", query));
    preview.ups().forEach(query -> show(text, "up", query));
    return text.toString();
  }

  private static void show(StringBuilder text, String direction, Query query) {
    text.append(direction).append(' ').append(query.table()).append(' ').append(query.entity());
    text.append(query.lossy().isEmpty() ? "" : " lossy " + query.lossy());
    text.append(query.complete() ? "" : " incomplete").append('\n');
    query.sql().lines().forEach(line -> text.append("  ").append(line).append('\n'));
  }
}
