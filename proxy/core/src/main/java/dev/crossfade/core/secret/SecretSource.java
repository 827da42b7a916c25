package dev.crossfade.core.secret;

/** Where secrets are read. */
@FunctionalInterface
public interface SecretSource {
  /**
   * The secret. May block.
   *
   * @throws SecretException when it can not be had
   */
  String read(SecretReference reference) throws SecretException;
}
