package dev.crossfade.sql.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingChangeTest {
  private final Lexer lexer = new Lexer();

  private Tokens lex(String sql) {
    byte[] bytes = sql.getBytes(StandardCharsets.UTF_8);
    return lexer.lex(bytes, bytes.length);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "SET SESSION TimeZone TO 'UTC'|timezone",
        "SET TIME ZONE LOCAL|timezone",
        "SET NAMES 'UTF8'|client_encoding",
        "SET app.user = '1'|app.user",
        "RESET ALL|all"
      })
  void aStatementIsRepeatedAsItCame(String sql, String name) {
    assertThat(SettingChange.read(lex(sql), 0)).contains(new SettingChange(name, sql));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "SELECT set_config('TimeZone', 'UTC', false)|SET timezone TO 'UTC'",
        "select pg_catalog.set_config('app.user', 'it''s', FALSE);|SET app.user TO 'it''s'",
        "SELECT set_config( 'DateStyle' /* c */, 'ISO, DMY', false )|SET datestyle TO 'ISO, DMY'"
      })
  void aCallIsTheSettingThatDoesTheSame(String sql, String statement) {
    assertThat(SettingChange.ofCall(lex(sql)).map(SettingChange::sql)).contains(statement);
    assertThat(SettingChange.isLocalCall(lex(sql))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT set_config('TimeZone', 'UTC', true)",
        "SELECT set_config('TimeZone', 'UTC', 'f')",
        "SELECT set_config('TimeZone', $1, false)",
        "SELECT set_config('TimeZone', 'UTC', false), 1",
        "SELECT set_config('TimeZone', 'UTC', false) FROM t",
        "SELECT set_config('TimeZone', 'UTC', false); SELECT 1",
        "SELECT other.set_config('TimeZone', 'UTC', false)",
        "SELECT set_config('Time''Zone', 'UTC', false)",
        "SELECT set_config('TimeZone; DROP TABLE t', 'UTC', false)",
        "SELECT set_config(E'TimeZone', 'UTC', false)",
        "SELECT set_config('TimeZone', U&'UTC', false)",
        "SELECT set_config('TimeZone', $$UTC$$, false)",
        "PREPARE p AS SELECT set_config('TimeZone', 'UTC', false)",
        "SELECT set_config('TimeZone', 'UTC', false"
      })
  void whatSaysMoreOrOtherwiseIsNotRead(String sql) {
    assertThat(SettingChange.ofCall(lex(sql))).isEqualTo(Optional.empty());
  }

  @Test
  void aCallForItsTransactionIsKnownAsSuch() {
    assertThat(SettingChange.isLocalCall(lex("SELECT set_config('TimeZone', 'UTC', true)")))
        .isTrue();
  }
}
