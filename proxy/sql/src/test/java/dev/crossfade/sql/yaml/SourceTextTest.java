package dev.crossfade.sql.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each of the texts holds WORD once; where the file holds it, the place must lead. */
final class SourceTextTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "q: SELECT WORD",
        "q: SELECT a,\n   b,   WORD, c",
        "q: |\n  SELECT a,\n\n         WORD\n  FROM t",
        "q: |4-   # a comment with a WORDY word\n      SELECT é,\n    WORD\n",
        "q: |+\n  SELECT\n\n  WORD\n\n\n",
        "q: >\n  SELECT a,\n  b, WORD\n\n    c\n",
        "q: 'it''s   a\n\n   ''WORD'' here'",
        "q: \"a \\\"b\\\" \\n\\t\\\\ \\x41\\u0020\\U0001F600 WORD\"",
        "q: \"a \\\n   b\\\n   \\ WORD\"",
        "q: &anchor !!str   'WORD'",
        "q: &anchor |\n  a\n  WORD",
        "q: [é😀, {x: \"😀 😀\"}, y]\nr: 😀 WORD",
        "a: &x a WORD\nq: *x",
        "\r\nq: |\r\n  SELECT\r\n  WORD\r\n"
      })
  void aWordIsFoundWhereItStands(String yaml) throws InvalidFileException {
    YamlNode root = YamlNode.parse(yaml, "m.yaml");
    SourceText text =
        root.child(root.child("r").isPresent() ? "r" : "q").sourceText().orElseThrow();
    int offset =
        text.text()
            .substring(0, text.text().indexOf("WORD"))
            .getBytes(StandardCharsets.UTF_8)
            .length;
    int index = yaml.lastIndexOf("WORD");
    int line = 1 + (int) yaml.substring(0, index).chars().filter(c -> c == '\n').count();
    int column = 1 + yaml.codePointCount(yaml.lastIndexOf('\n', index) + 1, index);
    Place place = text.at(offset);
    assertThat(place.line() + ":" + place.column()).isEqualTo(line + ":" + column);
  }

  @Test
  void theEndIsBehindTheLastWord() throws InvalidFileException {
    SourceText text =
        YamlNode.parse("q: |\n  SELECT a\n  FROM\n\n# comment\n", "m.yaml")
            .child("q")
            .sourceText()
            .orElseThrow();
    assertThat(text.at(1_000)).isEqualTo(new Place("m.yaml", 3, 7, "q"));
  }

  @Test
  void whatPassesALimitHasAPlaceToo() {
    assertThatThrownBy(() -> YamlNode.parse("a: 1\nb: " + "[".repeat(200), "m.yaml"))
        .hasMessageStartingWith("m.yaml:2:103: not valid YAML: nested more than 100 deep");
    assertThatThrownBy(() -> YamlNode.parse("a: &x [1]\nb:\n" + "  - *x\n".repeat(30), "m.yaml"))
        .hasMessageStartingWith("m.yaml:23:5: not valid YAML: more than 20 aliases");
    assertThatThrownBy(() -> YamlNode.parse("a: 1\nb: x\u0007y", "m.yaml"))
        .hasMessageStartingWith("m.yaml:2:5: not valid YAML: character U+0007");
    assertThatThrownBy(() -> YamlNode.parse("a: 1\n" + "#".repeat(2 << 20), "m.yaml"))
        .hasMessageStartingWith("m.yaml:2:1048572: longer than 1048576 characters");
    assertThatThrownBy(() -> YamlNode.parse("a: 1\nb: *none", "m.yaml"))
        .hasMessageStartingWith("m.yaml:2:4: not valid YAML: ");
  }

  @Test
  void aByteOrderMarkIsNoProblem() throws InvalidFileException {
    assertThat(YamlNode.parse("\uFEFFa: 1", "m.yaml").requiredString("a")).isEqualTo("1");
  }
}
