package dev.crossfade.inspect.catalog;

import dev.crossfade.core.schema.TableName;
import dev.crossfade.sql.lens.CompiledLens;
import dev.crossfade.sql.lens.CompiledLens.MappedTable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Map;

/** What tells whether mapped tables have changed since their catalogs were compared. */
public final class CatalogFingerprint {
  private CatalogFingerprint() {}

  /**
   * Of the columns, keys and constraints of all mapped tables of both sides.
   *
   * @return SHA-256, in lower-case hex
   */
  public static String of(CompiledLens lens) {
    StringBuilder shapes = new StringBuilder();
    add(shapes, "old", lens.tables());
    add(shapes, "new", lens.ups());
    byte[] text = shapes.toString().getBytes(StandardCharsets.UTF_8);
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  private static void add(StringBuilder shapes, String side, Map<TableName, MappedTable> tables) {
    tables.values().stream()
        .map(MappedTable::shape)
        .sorted(Comparator.comparing(shape -> shape.name().toString()))
        .forEach(shape -> shapes.append(side).append(' ').append(shape).append('\n'));
  }
}
