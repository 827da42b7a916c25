package dev.crossfade.engine.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenSecretTest {
  @Test
  void whatIsMadeCanBeReadAndHasTheSameHash() {
    TokenSecret made = TokenSecret.make(new Random(1));
    TokenSecret read = TokenSecret.parse(made.reveal()).orElseThrow();
    assertThat(read.hash()).isEqualTo(made.hash()).hasSize(64);
    assertThat(TokenSecret.make(new Random(2)).hash()).isNotEqualTo(made.hash());
  }

  @Test
  void itDoesNotTellItselfByChance() {
    TokenSecret made = TokenSecret.make(new Random(1));
    assertThat(made.toString()).isEqualTo("cf_***");
    assertThat("" + made).doesNotContain(made.reveal());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "cf_", "cf_short", "xx_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"})
  void whatIsNoneIsRefused(String text) {
    assertThat(TokenSecret.parse(text)).isEmpty();
  }
}
