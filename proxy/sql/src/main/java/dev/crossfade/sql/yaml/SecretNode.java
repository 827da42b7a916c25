package dev.crossfade.sql.yaml;

import dev.crossfade.core.secret.SecretException;
import dev.crossfade.core.secret.SecretReference;
import dev.crossfade.core.secret.SecretSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How secrets stand in files: as they are, or, better, by reference.
 *
 * <pre>
 * password: env:NAME            # passwordVariable: NAME says the same
 * password: file:PATH           # passwordFile: PATH says the same
 * password: as it is
 * </pre>
 */
public final class SecretNode {
  /** The keys of a password, of which one may be given. */
  public static final List<String> PASSWORD_KEYS =
      List.of("password", "passwordFile", "passwordVariable");

  private SecretNode() {}

  /** The password of a login; empty, perhaps with a problem, when none is given. */
  public static Optional<String> password(YamlNode node, SecretSource source) {
    List<String> given = new ArrayList<>();
    for (String key : PASSWORD_KEYS) {
      if (node.child(key).isPresent()) {
        given.add(key);
      }
    }
    if (given.size() > 1) {
      node.report(String.join(" and ", given) + " are given; keep one of them");
    }
    if (given.isEmpty()) {
      return Optional.empty();
    }
    String key = given.getFirst();
    // A server that trusts whoever comes wants none.
    String value = key.equals("password") ? node.optionalString(key, "") : node.requiredString(key);
    return switch (key) {
      case "passwordFile" -> read(node.child(key), new SecretReference.InFile(value), source);
      case "passwordVariable" -> read(node.child(key), new SecretReference.Variable(value), source);
      default -> {
        Optional<SecretReference> reference = SecretReference.parse(value);
        yield reference.isPresent()
            ? read(node.child(key), reference.get(), source)
            : Optional.of(value);
      }
    };
  }

  /** Where a secret is that may not stand in the file itself; empty when the key is not there. */
  public static Optional<SecretReference> reference(YamlNode node, String key) {
    Optional<String> text = node.optionalString(key);
    Optional<SecretReference> reference = text.flatMap(SecretReference::parse);
    if (text.isPresent() && reference.isEmpty()) {
      node.child(key).report("is not to stand here itself; write env:NAME or file:PATH");
    }
    return reference;
  }

  /** What is behind a reference that {@link #reference} reads; empty when there is nothing. */
  public static Optional<String> secret(YamlNode node, String key, SecretSource source) {
    return reference(node, key).flatMap(at -> read(node.child(key), at, source));
  }

  private static Optional<String> read(
      YamlNode node, SecretReference reference, SecretSource source) {
    try {
      return Optional.of(source.read(reference));
    } catch (SecretException e) {
      node.report(String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }
}
