package dev.crossfade.mirror;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/**
 * Entities by key, each once.
 *
 * @param keys each with one text for each column of the key
 */
public record Entities(List<List<String>> keys) {
  public Entities {
    SequencedSet<List<String>> once = new LinkedHashSet<>(keys);
    keys = List.copyOf(once);
  }

  public int size() {
    return keys.size();
  }

  /** One column of all keys. */
  String[] column(int column) {
    String[] values = new String[keys.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = keys.get(i).get(column);
    }
    return values;
  }

  Entities with(Collection<List<String>> more) {
    List<List<String>> all = new ArrayList<>(keys);
    all.addAll(more);
    return new Entities(all);
  }

  Entities without(Collection<List<String>> some) {
    List<List<String>> rest = new ArrayList<>(keys);
    rest.removeIf(some::contains);
    return new Entities(rest);
  }

  Entities firstHalf() {
    return new Entities(keys.subList(0, keys.size() / 2));
  }

  Entities secondHalf() {
    return new Entities(keys.subList(keys.size() / 2, keys.size()));
  }
}
