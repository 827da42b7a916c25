package dev.crossfade.postgresql.parity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.sql.parse.Lexer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallsTest {
  private static boolean areHarmless(String sql) {
    byte[] text = sql.getBytes(StandardCharsets.UTF_8);
    return Calls.areHarmless(new Lexer().lex(text, text.length));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO customers (id, name) VALUES (1, upper('x')), (2, $1) RETURNING id",
        "INSERT INTO public.customers(id) SELECT i FROM generate_series(1, 3) AS i",
        "INSERT INTO public . \"customers\" (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET (a, b) ="
            + " (1, 2)",
        "UPDATE customers SET a = coalesce(a, 0) + (1) WHERE id IN (1, 2) AND (b > now())",
        "DELETE FROM customers WHERE id = ANY ($1) AND NOT EXISTS (SELECT 1 FROM orders)",
        "UPDATE customers SET a = b::numeric(10, 2), c = CAST(d AS varchar(5))"
      })
  void whatOnlyComputes(String sql) {
    assertThat(areHarmless(sql)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO customers (id) VALUES (setval('s', 1))",
        "INSERT INTO customers (id) VALUES (nextval('s'))",
        "INSERT INTO customers SELECT pg_terminate_backend(7)",
        "UPDATE customers SET a = public.lower(a)",
        "UPDATE customers SET a = \"lower\"(a)",
        "UPDATE customers SET a = lower (a), b = mine\n(a)",
        "DELETE FROM customers WHERE lo_export(1, 'x') = 1"
      })
  void whatMayDoMore(String sql) {
    assertThat(areHarmless(sql)).isFalse();
  }
}
