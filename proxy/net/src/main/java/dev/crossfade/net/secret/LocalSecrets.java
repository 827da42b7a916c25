package dev.crossfade.net.secret;

import dev.crossfade.core.secret.SecretException;
import dev.crossfade.core.secret.SecretReference;
import dev.crossfade.core.secret.SecretSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The secrets of this machine.
 *
 * @param folder what files are relative to
 * @param environment never logged
 */
public record LocalSecrets(Path folder, Map<String, String> environment) implements SecretSource {
  private static final long FILE_MAX_BYTES = 64 << 10;

  /** Without the environment. */
  @Override
  public String toString() {
    return "secrets of " + folder;
  }

  @Override
  public String read(SecretReference reference) throws SecretException {
    return switch (reference) {
      case SecretReference.Variable variable -> variable(variable.name());
      case SecretReference.InFile file -> content(folder.resolve(file.path()));
    };
  }

  private String variable(String name) throws SecretException {
    String value = environment.get(name);
    if (value == null) {
      throw new SecretException("the environment has no variable " + name);
    }
    return value;
  }

  /** The file without the line's end that editors put there. */
  private static String content(Path file) throws SecretException {
    try {
      if (Files.size(file) > FILE_MAX_BYTES) {
        throw new SecretException(
            file + " is larger than 64 KiB; give a file with the secret alone");
      }
      return Files.readString(file).replaceFirst("\\R\\z", "");
    } catch (IOException e) {
      throw new SecretException(
          file + " cannot be read; give a file of UTF-8 text with the secret alone");
    }
  }
}
