package dev.crossfade.sidecar.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/** The numbers of this machine's users, from its file of users ({@code man 5 passwd}). */
final class SystemUsers {
  static final Path FILE = Path.of("/etc/passwd");

  private final Map<String, Integer> numbers = new HashMap<>();

  private SystemUsers() {}

  /** Reads the file; one that cannot be read has no users. Blocks. */
  static SystemUsers read(Path file) {
    SystemUsers users = new SystemUsers();
    try {
      // Bytes that are no UTF-8 can only be in the comments of people's names.
      for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
        String[] fields = line.split(":", 4);
        if (fields.length == 4 && isNumber(fields[2])) {
          users.numbers.putIfAbsent(fields[0], Integer.parseUnsignedInt(fields[2]));
        }
      }
    } catch (IOException e) {
      // As where there is none: users are given by their numbers.
    }
    return users;
  }

  /**
   * @param user a name, or the number itself
   * @return empty when the name is not known
   */
  OptionalInt number(String user) {
    Integer known = numbers.get(user);
    if (known != null) {
      return OptionalInt.of(known);
    }
    return isNumber(user) ? OptionalInt.of(Integer.parseUnsignedInt(user)) : OptionalInt.empty();
  }

  /** Whether the kernel could have a user of this number. */
  private static boolean isNumber(String text) {
    return text.matches("[0-9]{1,10}") && Long.parseLong(text) < (1L << 32) - 1;
  }
}
