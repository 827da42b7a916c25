package dev.crossfade.engine.access;

import dev.crossfade.sql.yaml.InvalidFileException;
import dev.crossfade.sql.yaml.YamlNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * Whom certificates stand for, as a file says it. The first line that fits counts.
 *
 * <pre>
 * certificates:
 *   - subject: "CN=ada,OU=operations"        # the whole of it, as RFC 2253 writes it
 *     name: ada
 *     role: operator
 *   - uri: spiffe://example.org/shop/sidecar # or dns, or email: one of the alternative names
 *     name: shop-sidecar
 *     role: sidecar
 *     service: shop
 * </pre>
 */
public record CertificateNames(List<Line> lines) {
  public static final CertificateNames NONE = new CertificateNames(List.of());

  private static final int LINES_MAX = 1_000;
  private static final Map<String, Role> ROLES =
      Map.of(
          "viewer", Role.VIEWER,
          "operator", Role.OPERATOR,
          "admin", Role.ADMIN,
          "sidecar", Role.SIDECAR);

  public CertificateNames {
    lines = List.copyOf(lines);
  }

  /** Where in a certificate a name stands. */
  public enum Field {
    SUBJECT,
    DNS,
    URI,
    EMAIL;

    private String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** One name of a certificate. */
  public record Name(Field field, String value) {
    /** Subjects that say the same in other words are the same. */
    private boolean fits(Name other) {
      return field == other.field
          && switch (field) {
            case SUBJECT -> canonical(value).equals(canonical(other.value));
            case DNS, EMAIL -> value.equalsIgnoreCase(other.value);
            case URI -> value.equals(other.value);
          };
    }

    private static String canonical(String subject) {
      return new X500Principal(subject).getName(X500Principal.CANONICAL);
    }
  }

  /** Whoever shows a certificate with this name is that one. */
  public record Line(Name shown, Identity identity) {}

  /**
   * @param source the file's name, for messages
   * @throws InvalidFileException with everything that is wrong with it
   */
  public static CertificateNames parse(String yaml, String source) throws InvalidFileException {
    YamlNode root = YamlNode.parse(yaml, source);
    root.allowKeys("certificates");
    List<YamlNode> items = root.requiredChild("certificates").items();
    if (items.size() > LINES_MAX) {
      root.child("certificates").report("has more than " + LINES_MAX + " elements");
    }
    List<Line> lines = new ArrayList<>();
    for (YamlNode item : items) {
      item.allowKeys("subject", "dns", "uri", "email", "name", "role", "service");
      Name shown = shown(item);
      Identity identity = identity(item);
      if (shown != null && identity != null) {
        lines.add(new Line(shown, identity));
      }
    }
    root.finish();
    return new CertificateNames(lines);
  }

  private static @Nullable Name shown(YamlNode item) {
    List<Name> given = new ArrayList<>();
    for (Field field : Field.values()) {
      item.optionalString(field.key()).ifPresent(value -> given.add(new Name(field, value)));
    }
    if (given.size() != 1) {
      item.report("one of subject, dns, uri and email is needed: the name in the certificate");
      return null;
    }
    Name name = given.getFirst();
    if (name.field() == Field.SUBJECT) {
      try {
        Name.canonical(name.value());
      } catch (IllegalArgumentException e) {
        item.child("subject").report("is no subject; write it like \"CN=ada,OU=operations\"");
        return null;
      }
    }
    return name;
  }

  private static @Nullable Identity identity(YamlNode item) {
    String name = item.requiredString("name");
    String word = item.requiredString("role");
    Role role = ROLES.get(word);
    if (role == null && !word.isEmpty()) {
      item.child("role").report("\"" + word + "\" is none of viewer, operator, admin, sidecar");
    }
    if (role == null || name.isEmpty()) {
      return null;
    }
    try {
      return new Identity(name, role, item.optionalString("service", ""));
    } catch (IllegalArgumentException e) {
      item.report(String.valueOf(e.getMessage()));
      return null;
    }
  }

  /** Whom a certificate with these names stands for. */
  public Optional<Identity> find(Set<Name> shown) {
    return lines.stream()
        .filter(line -> shown.stream().anyMatch(line.shown()::fits))
        .map(Line::identity)
        .findFirst();
  }
}
