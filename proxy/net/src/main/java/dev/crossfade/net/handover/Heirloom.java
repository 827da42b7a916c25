package dev.crossfade.net.handover;

import io.netty.channel.unix.FileDescriptor;

/**
 * A listening socket that changes hands.
 *
 * @param name of where it listens, one word, such as {@code tcp:127.0.0.1:6432}
 * @param descriptor of the process that has the record
 */
public record Heirloom(String name, FileDescriptor descriptor) {
  private static final int NAME_MAX = 256;

  public Heirloom {
    if (name.isBlank() || name.length() > NAME_MAX || name.chars().anyMatch(c -> c <= ' ')) {
      throw new IllegalArgumentException(
          "a name is one word of at most " + NAME_MAX + " characters, not '" + name + "'");
    }
  }
}
