package dev.crossfade.postgresql.auth.terminated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScramVerifierTest {
  private static final String KEY = "A".repeat(43) + "=";
  private static final String OTHER = "/".repeat(42) + "8=";

  @Test
  void theFormOfPostgresqlIsRead() {
    ScramVerifier verifier =
        ScramVerifier.parse("SCRAM-SHA-256$4096:c2FsdA==$" + KEY + ":" + OTHER);
    assertThat(verifier.iterations()).isEqualTo(4096);
    assertThat(verifier.salt()).isEqualTo("salt".getBytes(StandardCharsets.US_ASCII));
    assertThat(verifier.storedKey()).isEqualTo(new byte[32]);
    assertThat(verifier.serverKey()).isEqualTo(Base64.getDecoder().decode(OTHER));
  }

  @Test
  void twoAreTheSameWhenAllTheirPartsAre() {
    String text = "SCRAM-SHA-256$4096:c2FsdA==$" + KEY + ":" + OTHER;
    ScramVerifier verifier = ScramVerifier.parse(text);
    assertThat(ScramVerifier.parse(text)).isEqualTo(verifier).hasSameHashCodeAs(verifier);
    for (String[] change :
        new String[][] {
          {"4096", "4097"}, {"c2FsdA", "c2FsdQ"}, {"$" + KEY, "$" + OTHER}, {":" + OTHER, ":" + KEY}
        }) {
      assertThat(ScramVerifier.parse(text.replace(change[0], change[1]))).isNotEqualTo(verifier);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | is no SCRAM verifier",
        "md5c1b2d0e8c3e0b5b9a8e5d5c5b5a5f5e5 | is no SCRAM verifier",
        "SCRAM-SHA-1$4096:c2FsdA==$KEY:KEY | is no SCRAM verifier",
        "SCRAM-SHA-256$4096:c2FsdA==$KEY | is no SCRAM verifier",
        "SCRAM-SHA-256$4096:$KEY:KEY | is no SCRAM verifier",
        "SCRAM-SHA-256$-1:c2FsdA==$KEY:KEY | is no SCRAM verifier",
        "SCRAM-SHA-256$10000000000:c2FsdA==$KEY:KEY | is no SCRAM verifier",
        "SCRAM-SHA-256$4096:c2FsdA==$KEY:KEY:KEY | is no SCRAM verifier",
        "SCRAM-SHA-256$0:c2FsdA==$KEY:KEY | has no iterations",
        "SCRAM-SHA-256$4096:c2Fsd$KEY:KEY | has a salt that is not base64",
        "SCRAM-SHA-256$4096:c2FsdA==$K*Y:KEY | has a StoredKey that is not base64",
        "SCRAM-SHA-256$4096:c2FsdA==$KEY:c2FsdA== | has a ServerKey of 4 bytes",
      })
  void whatIsNoneIsSaidSoWithoutShowingIt(String text, String why) {
    assertThatThrownBy(() -> ScramVerifier.parse(text.replace("KEY", KEY)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(why)
        .message()
        .doesNotContain(KEY, "c2F", "md5");
  }

  @Test
  void itsTextShowsNoSecret() {
    ScramVerifier verifier =
        ScramVerifier.parse("SCRAM-SHA-256$4096:c2FsdA==$" + KEY + ":" + OTHER);
    assertThat(verifier).hasToString("ScramVerifier[iterations=4096]");
  }
}
