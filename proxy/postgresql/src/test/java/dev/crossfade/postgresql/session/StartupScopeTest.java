package dev.crossfade.postgresql.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StartupScopeTest {
  @ParameterizedTest
  @ValueSource(strings = {"search_path", "Search_Path", "ROLE", "session_authorization"})
  void aParameterThatDecidesWhatANameMeansIsNotUsual(String name) {
    assertThat(StartupScope.isUsual(Map.of("user", "app", name, "x"))).isFalse();
  }

  @Test
  void otherParametersAreUsual() {
    assertThat(
            StartupScope.isUsual(
                Map.of("user", "role", "DateStyle", "ISO", "application_name", "search_path")))
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "-c geqo=off",
        "-cgeqo=off --statement-timeout=5s\t-c application_name=search_path",
        "--DateStyle=ISO"
      })
  void optionsThatAreUsual(String options) {
    assertThat(StartupScope.isUsual(Map.of("user", "app", "options", options))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-c search_path=other",
        "-csearch_path=other",
        "--search_path=other",
        "--search-path=other",
        "--Search-Path=other",
        "-c geqo=off\n-c\u000bSEARCH-PATH=other",
        "-c role=other",
        "--session-authorization=other",
        "-c search\\_path=other",
        "-Ecsearch_path=other",
        "-e",
        "-c",
        "-c geqo",
        "--",
        "word",
        "-c geqo=off\u00a0--search_path=other"
      })
  void optionsThatAreNot(String options) {
    assertThat(StartupScope.isUsual(Map.of("user", "app", "options", options))).isFalse();
  }
}
