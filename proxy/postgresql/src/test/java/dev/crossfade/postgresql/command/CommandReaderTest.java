package dev.crossfade.postgresql.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.sql.parse.Lexer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandReaderTest {
  private static boolean mayBe(String sql) {
    // What surrounds the text is not looked at.
    ByteBuf bytes = Unpooled.copiedBuffer("SHOW" + sql + "\0SHOW", UTF_8);
    return CommandReader.mayBe(bytes, 4, 4 + sql.getBytes(UTF_8).length);
  }

  private static @Nullable Command read(String sql) {
    byte[] text = sql.getBytes(UTF_8);
    return CommandReader.read(new Lexer().lex(text, text.length));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SHOW CROSSFADE.STATUS",
        "show crossfade . status ;",
        " \t\r\n\f ShOw/**/Crossfade./* a /* b */ c */Status -- end",
        "-- first\n/* second */ SHOW CROSSFADE.status;;"
      })
  void aTopicIsFoundBetweenBlanksAndComments(String sql) {
    assertThat(mayBe(sql)).isTrue();
    assertThat(read(sql)).isEqualTo(new Command.Show(Topic.STATUS));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "S",
        "SELECT 1",
        "-- SHOW CROSSFADE.STATUS",
        "/* SHOW */",
        "/* /* */ SHOW CROSSFADE.STATUS",
        "--",
        "/",
        "(SHOW",
        "  "
      })
  void whatCannotBeOneIsToldByItsFirstLetters(String sql) {
    assertThat(mayBe(sql)).isFalse();
    assertThat(read(sql)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SHOW ALL",
        "SHOW \"crossfade\".status",
        "SHOW 'crossfade'",
        "EXPLAIN SELECT 1",
        "EXPLAIN (ANALYZE) CROSSFADE SELECT 1",
        "EXECUTE crossfade",
        "SHOW CROSSFADE.STATUS; SELECT 1",
        "SHOW CROSSFADE2.STATUS"
      })
  void whatIsNotOneIsLeftToTheServer(String sql) {
    assertThat(mayBe(sql)).isTrue();
    assertThat(read(sql)).isNull();
  }

  @Test
  void theStatementToExplainIsTheRestWithoutItsSemicolon() {
    String sql = "EXPLAIN CROSSFADE  SELECT 'é;' /* c */ ; ";
    Command.Explain explain = (Command.Explain) Objects.requireNonNull(read(sql));
    byte[] text = sql.getBytes(UTF_8);
    assertThat(new String(text, explain.from(), explain.to() - explain.from(), UTF_8))
        .isEqualTo("SELECT 'é;'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SHOW CROSSFADE",
        "SHOW CROSSFADE;",
        "SHOW CROSSFADE.",
        "SHOW CROSSFADE.*",
        "SHOW CROSSFADE.STATUS STATUS",
        "SHOW CROSSFADE 'STATUS'",
        "SHOW CROSSFADE.\"STATUS\"",
        "EXPLAIN CROSSFADE",
        "EXPLAIN CROSSFADE ;"
      })
  void whatBeginsLikeOneIsAMistakeWithAPlaceInTheText(String sql) {
    assertThat(read(sql))
        .isInstanceOfSatisfying(
            Command.Mistaken.class,
            mistake -> {
              assertThat(mistake.offset()).isBetween(13, sql.length());
              assertThat(mistake.hint()).contains("EXPLAIN CROSSFADE");
            });
  }
}
