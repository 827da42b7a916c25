package dev.crossfade.engine.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.engine.access.CertificateNames.Field;
import dev.crossfade.engine.access.CertificateNames.Name;
import dev.crossfade.sql.yaml.InvalidFileException;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CertificateNamesTest {
  private static final String FILE =
      """
      certificates:
        - {subject: "CN=ada, OU=Operations", name: ada, role: operator}
        - {uri: "spiffe://example.org/shop", name: shop-sidecar, role: sidecar, service: shop}
        - {dns: "*.example.org", name: hosts, role: viewer}
        - {email: eve@example.org, name: eve, role: admin}
      """;

  private static Identity found(Field field, String value) throws InvalidFileException {
    return CertificateNames.parse(FILE, "access.yaml")
        .find(Set.of(new Name(field, value)))
        .orElse(new Identity("nobody", Role.VIEWER, ""));
  }

  @Test
  void whoseNameStandsThereIsKnown() throws Exception {
    assertThat(found(Field.SUBJECT, "CN=ada,OU=operations").name()).isEqualTo("ada");
    assertThat(found(Field.URI, "spiffe://example.org/shop"))
        .isEqualTo(new Identity("shop-sidecar", Role.SIDECAR, "shop"));
    assertThat(found(Field.EMAIL, "Eve@example.org").role()).isEqualTo(Role.ADMIN);
  }

  @Test
  void whatOnlyLooksAlikeIsNot() throws Exception {
    assertThat(found(Field.SUBJECT, "CN=ada").name()).isEqualTo("nobody");
    assertThat(found(Field.SUBJECT, "CN=ada,OU=operations,O=evil").name()).isEqualTo("nobody");
    assertThat(found(Field.DNS, "spiffe://example.org/shop").name()).isEqualTo("nobody");
    assertThat(found(Field.URI, "spiffe://example.org/shop/").name()).isEqualTo("nobody");
    assertThat(found(Field.DNS, "a.example.org").name()).isEqualTo("nobody");
  }

  @Test
  void everyMistakeIsToldWithItsPlace() {
    assertThatThrownBy(
            () ->
                CertificateNames.parse(
                    """
                    certificates:
                      - {subject: "CN=a", uri: "x:y", name: a, role: viewer}
                      - {subject: "nonsense", name: b, role: viewer}
                      - {subject: "CN=c", name: "c d", role: viewer}
                      - {subject: "CN=d", name: d, role: king}
                      - {subject: "CN=e", name: e, role: admin, service: shop}
                      - {subject: "CN=f", name: rollout, role: admin}
                      - {subject: "CN=g", nam: g, role: admin}
                    """,
                    "access.yaml"))
        .hasMessageContaining("access.yaml:2")
        .hasMessageContaining("one of subject, dns, uri and email")
        .hasMessageContaining("is no subject")
        .hasMessageContaining("access.yaml:4")
        .hasMessageContaining("\"king\" is none of")
        .hasMessageContaining("service goes with the role sidecar only")
        .hasMessageContaining("\"rollout\" is the control plane's own")
        .hasMessageContaining("nam");
  }
}
