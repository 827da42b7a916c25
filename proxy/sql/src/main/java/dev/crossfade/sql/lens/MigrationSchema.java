package dev.crossfade.sql.lens;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The JSON Schema (draft 2020-12) of a migration file, for editors. What the {@link
 * MigrationFile#parse reader} accepts is valid by it; of what the reader refuses it finds what has
 * to do with the file's structure.
 */
public final class MigrationSchema {
  private static final String RESOURCE = "migration.schema.json";

  private MigrationSchema() {}

  public static String json() {
    try (InputStream resource = MigrationSchema.class.getResourceAsStream(RESOURCE)) {
      if (resource == null) {
        throw new IllegalStateException(RESOURCE + " lies beside this class");
      }
      return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
