package dev.crossfade.core.secret;

import java.util.Optional;

/** Where a secret is. */
public sealed interface SecretReference {
  String VARIABLE_PREFIX = "env:";
  String FILE_PREFIX = "file:";

  /** In a variable of the environment. */
  record Variable(String name) implements SecretReference {
    @Override
    public String toString() {
      return VARIABLE_PREFIX + name;
    }
  }

  /** In a file that has nothing else in it. */
  record InFile(String path) implements SecretReference {
    @Override
    public String toString() {
      return FILE_PREFIX + path;
    }
  }

  /** Reads {@code env:NAME} or {@code file:PATH}; empty when it is neither. */
  static Optional<SecretReference> parse(String text) {
    if (text.startsWith(VARIABLE_PREFIX)) {
      return Optional.of(new Variable(text.substring(VARIABLE_PREFIX.length())));
    }
    return text.startsWith(FILE_PREFIX)
        ? Optional.of(new InFile(text.substring(FILE_PREFIX.length())))
        : Optional.empty();
  }
}
