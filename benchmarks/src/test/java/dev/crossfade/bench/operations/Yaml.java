package dev.crossfade.bench.operations;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * A place in a file of YAML or JSON, which is YAML too.
 *
 * @param value a map, a list or a scalar
 */
record Yaml(Object value) {
  static Yaml parse(String text) {
    return new Yaml(new Load(LoadSettings.builder().build()).loadFromString(text));
  }

  Optional<Yaml> find(String key) {
    return value instanceof Map<?, ?> map ? of(map.get(key)) : Optional.empty();
  }

  private static Optional<Yaml> of(@Nullable Object found) {
    return Optional.ofNullable(found).map(Yaml::new);
  }

  Yaml at(String key) {
    return find(key).orElseThrow(() -> new IllegalArgumentException(key + " is missing"));
  }

  String text(String key) {
    return at(key).value.toString();
  }

  /** The elements of the list under this key; none where there is none. */
  List<Yaml> all(String key) {
    return find(key).map(Yaml::elements).orElse(List.of());
  }

  private List<Yaml> elements() {
    if (value instanceof List<?> list) {
      return list.stream().map(each -> (Object) each).map(Yaml::new).toList();
    }
    throw new IllegalArgumentException("is no list");
  }

  /** This and everything in it. */
  Stream<Yaml> tree() {
    Stream<?> inner =
        switch (value) {
          case Map<?, ?> map -> map.values().stream();
          case List<?> list -> list.stream();
          default -> Stream.of();
        };
    return Stream.concat(
        Stream.of(this), inner.flatMap(each -> of(each).stream()).flatMap(Yaml::tree));
  }
}
