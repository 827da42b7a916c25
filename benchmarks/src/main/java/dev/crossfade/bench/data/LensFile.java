package dev.crossfade.bench.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * A migration file and the queries in it, read without the code under test: what the lens is
 * checked with must not be the lens compiler.
 *
 * @param up one query over old per new table
 * @param down one query over new per old table
 */
public record LensFile(String name, String yaml, List<Mapping> up, List<Mapping> down) {
  /** The query that computes a table from the other side's tables. */
  public record Mapping(String table, String query) {}

  public LensFile {
    up = List.copyOf(up);
    down = List.copyOf(down);
  }

  /** The migration that the demo runs. */
  public static LensFile splitCustomers() {
    return resource("/demo/split-customers.yaml");
  }

  /**
   * A migration file on the class path.
   *
   * @throws IllegalStateException when it is not there
   */
  public static LensFile resource(String path) {
    try (InputStream stream = LensFile.class.getResourceAsStream(path)) {
      if (stream == null) {
        throw new IllegalStateException(path + " is not on the class path");
      }
      return parse(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static LensFile parse(String yaml) {
    Map<?, ?> root = map(new Load(LoadSettings.builder().build()).loadFromString(yaml), "document");
    Map<?, ?> spec = map(root.get("spec"), "spec");
    String name = String.valueOf(map(root.get("metadata"), "metadata").get("name"));
    List<Mapping> up = mappings(spec, "new", "up");
    List<Mapping> down = mappings(spec, "old", "down");
    if (spec.get("tables") instanceof List<?> tables) {
      for (Object entry : tables) {
        // Columns stand in the same order on both sides and are renamed only: by position they are
        // the same.
        String old = String.valueOf(map(entry, "tables").get("old"));
        String target = String.valueOf(map(entry, "tables").get("new"));
        up.add(new Mapping(target, "SELECT * FROM " + old));
        down.add(new Mapping(old, "SELECT * FROM " + target));
      }
    }
    return new LensFile(name, yaml, up, down);
  }

  private static List<Mapping> mappings(Map<?, ?> spec, String side, String direction) {
    List<Mapping> mappings = new ArrayList<>();
    map(spec.get(side), side)
        .forEach(
            (table, body) ->
                mappings.add(
                    new Mapping(
                        String.valueOf(table),
                        String.valueOf(map(body, side).get(direction)).strip())));
    return mappings;
  }

  private static Map<?, ?> map(@Nullable Object node, String what) {
    if (node instanceof Map<?, ?> map) {
      return map;
    }
    throw new IllegalArgumentException(what + " of the migration file is not a mapping");
  }
}
