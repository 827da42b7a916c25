package dev.crossfade.sidecar;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Why a file cannot be read, for people: the platform's messages are often only its name. */
final class Unreadable {
  private Unreadable() {}

  static String text(Path file, IOException failure) {
    return file + ": cannot be read: " + reason(failure);
  }

  private static String reason(IOException failure) {
    return switch (failure) {
      case NoSuchFileException _ -> "there is no such file";
      case AccessDeniedException _ -> "its permissions forbid it";
      case CharacterCodingException _ -> "it is not UTF-8 text";
      default -> String.valueOf(failure.getMessage());
    };
  }
}
