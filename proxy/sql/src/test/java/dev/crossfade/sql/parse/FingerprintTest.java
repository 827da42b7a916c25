package dev.crossfade.sql.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class FingerprintTest {
  private static Fingerprint of(String sql) {
    byte[] bytes = sql.getBytes(StandardCharsets.UTF_8);
    return Fingerprint.of(bytes, new Lexer().lex(bytes, bytes.length));
  }

  @Test
  void literalsSpacingCommentsAndCaseDoNotCount() {
    assertThat(of("SELECT  Name FROM customers WHERE id = 17 AND city = 'Bonn'"))
        .isEqualTo(of("select name/* x */from Customers where ID=4 and city='a''b' -- end"));
  }

  @Test
  void typesOfLiteralsCount() {
    assertThat(of("select 1")).isNotEqualTo(of("select 10000000000"));
    assertThat(of("select 1")).isNotEqualTo(of("select 1.0"));
    assertThat(of("select 'a'")).isNotEqualTo(of("select B'1'"));
    assertThat(of("select 0x7f")).isEqualTo(of("select 12"));
    assertThat(of("select 2147483647")).isNotEqualTo(of("select 2147483648"));
  }

  @Test
  void stringsThatMayMeanAMomentAreOnesOfTheirOwn() {
    Fingerprint usual = of("select 'a'");
    assertThat(of("select 'Snow, E''now, nowhere'")).isNotEqualTo(usual);
    assertThat(of("select 'Snow, nowhere, birthdays'")).isEqualTo(usual);
    assertThat(of("select E'it\\'s \\n'")).isEqualTo(usual);
    assertThat(of("select $$a$$")).isEqualTo(usual);
    for (String moment :
        java.util.List.of(
            "'now'",
            "' TODAY 04:05'",
            "'{2020-01-01,tomorrow}'",
            "'[yesterday,)'",
            "$$now$$",
            "E'n\\x6fw'",
            "E'\\now'",
            "U&'\\006eow'",
            "'no'\n'w'")) {
      assertThat(of("select " + moment)).as(moment).isEqualTo(of("select 'now'"));
      assertThat(of("select " + moment)).as(moment).isNotEqualTo(usual);
    }
  }

  @Test
  void literalsOfAMaterializedQueryAreNoTypeModifiers() {
    assertThat(of("with a as materialized (select 4711) select * from a"))
        .isEqualTo(of("with a as materialized (select 12) select * from a"));
  }

  @Test
  void aTokenIsFoundInTheNormalisedText() {
    Fingerprint fingerprint = of("select  \"a b\"\"ö\" , 'x y' from Customers/**/where id=7");
    String text = fingerprint.normalizedText();
    assertThat(text).isEqualTo("select \"a b\"\"ö\" , ?s from customers where id = ?4");
    assertThat(fingerprint.position(0)).isZero();
    assertThat(text.substring(fingerprint.position(1))).startsWith("\"a b\"\"ö\" ,");
    assertThat(text.substring(fingerprint.position(3))).startsWith("?s from");
    assertThat(text.substring(fingerprint.position(5))).startsWith("customers");
    assertThat(text.substring(fingerprint.position(9))).isEqualTo("?4");
    assertThat(fingerprint.position(99)).isEqualTo(text.length());
  }

  @Test
  void typeModifiersStay() {
    assertThat(of("select a::varchar(10)")).isNotEqualTo(of("select a::varchar(20)"));
    assertThat(of("select cast(a as numeric(10,2))"))
        .isNotEqualTo(of("select cast(a as numeric(10,3))"));
    assertThat(of("select a::my_type(1)")).isNotEqualTo(of("select a::my_type(2)"));
    assertThat(of("select substr(a, 1)")).isEqualTo(of("select substr(a, 2)"));
  }

  @Test
  void quotedNamesAndParameterNumbersStay() {
    assertThat(of("select \"A\"")).isNotEqualTo(of("select a"));
    assertThat(of("select $1")).isNotEqualTo(of("select $2"));
    assertThat(of("select a ? s")).isNotEqualTo(of("select a 's'"));
  }
}
