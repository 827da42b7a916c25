package dev.crossfade.sql.parse;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Bare table names, looked up in a statement's bytes without making strings. Immutable. */
public final class MappedNames {
  private final Set<String> names;
  private final byte[] @Nullable [] table;
  private final int mask;

  private MappedNames(Set<String> names) {
    this.names = Set.copyOf(names);
    int size = Integer.highestOneBit(Math.max(names.size(), 1) * 4) * 2;
    this.mask = size - 1;
    this.table = new byte[size][];
    for (String name : this.names) {
      byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
      int slot = hash(bytes, 0, bytes.length, false) & mask;
      while (table[slot] != null) {
        slot = slot + 1 & mask;
      }
      table[slot] = bytes;
    }
  }

  /**
   * @param names as the catalog spells them
   */
  public static MappedNames of(Set<String> names) {
    return new MappedNames(names);
  }

  public Set<String> names() {
    return names;
  }

  boolean contains(String name) {
    return names.contains(name);
  }

  /**
   * Whether the bytes of a word are one of the names.
   *
   * @param fold whether ASCII letters are to be read in lower case, as in an unquoted identifier
   */
  public boolean contains(byte[] text, int start, int end, boolean fold) {
    int slot = hash(text, start, end, fold) & mask;
    byte[] name = table[slot];
    while (name != null) {
      if (equal(name, text, start, end, fold)) {
        return true;
      }
      slot = slot + 1 & mask;
      name = table[slot];
    }
    return false;
  }

  private static boolean equal(byte[] name, byte[] text, int start, int end, boolean fold) {
    if (name.length != end - start) {
      return false;
    }
    for (int i = 0; i < name.length; i++) {
      if (name[i] != (byte) folded(text[start + i], fold)) {
        return false;
      }
    }
    return true;
  }

  private static int hash(byte[] text, int start, int end, boolean fold) {
    int hash = 0x811c9dc5;
    for (int i = start; i < end; i++) {
      hash = (hash ^ folded(text[i], fold)) * 0x01000193;
    }
    return hash ^ hash >>> 15;
  }

  private static int folded(byte c, boolean fold) {
    return fold && c >= 'A' && c <= 'Z' ? c + 32 : c;
  }
}
