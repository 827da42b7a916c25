package dev.crossfade.sql.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class YamlNodeTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void readsEveryKindOfValue() throws InvalidFileException {
    YamlNode root =
        YamlNode.parse(
            """
            name: sidecar
            port: 6432
            wait: 500ms
            long: 2h
            buffer: 64KiB
            bytes: 512
            on: true
            hosts: [a, b]
            mode: fast
            limits:
              first: 1
              second: 2
            """,
            "s.yaml");
    assertThat(root.requiredString("name")).isEqualTo("sidecar");
    assertThat(root.integer("port", 1, 65_535, 0)).isEqualTo(6432);
    assertThat(root.duration("wait", Duration.ZERO, SECOND, SECOND))
        .isEqualTo(Duration.ofMillis(500));
    assertThat(root.duration("long", Duration.ZERO, Duration.ofDays(1), SECOND))
        .isEqualTo(Duration.ofHours(2));
    assertThat(root.size("buffer", 0, 1 << 20, 0)).isEqualTo(65_536);
    assertThat(root.size("bytes", 0, 1 << 20, 0)).isEqualTo(512);
    assertThat(root.bool("on", false)).isTrue();
    assertThat(root.strings("hosts")).containsExactly("a", "b");
    assertThat(root.oneOf("mode", Set.of("fast", "safe"), "safe")).isEqualTo("fast");
    assertThat(root.child("limits").children().keySet()).containsExactly("first", "second");
    assertThat(root.requiredInteger("port", 1, 65_535)).isEqualTo(6432);
    root.finish();
  }

  @Test
  void answersWithTheFallbackWhereNothingIsWritten() throws InvalidFileException {
    YamlNode root = YamlNode.parse("empty:\nother: 1", "s.yaml");
    assertThat(root.optionalString("name")).isEmpty();
    assertThat(root.optionalString("empty", "x")).isEqualTo("x");
    assertThat(root.integer("port", 1, 2, 7)).isEqualTo(7);
    assertThat(root.duration("wait", SECOND, SECOND, SECOND)).isEqualTo(SECOND);
    assertThat(root.size("size", 1, 2, 9)).isEqualTo(9);
    assertThat(root.bool("flag", true)).isTrue();
    assertThat(root.strings("list")).isEmpty();
    assertThat(root.child("a").child("b").requiredChild("c").isPresent()).isFalse();
    assertThat(root.isSound()).isTrue();
    root.finish();
  }

  @Test
  void tellsEveryProblemWithItsPlace() {
    List<String> problems =
        problems(
            """
            nmae: x
            port: 70000
            wait: 5 parsecs
            buffer: 2GiB
            flag: yes
            mode: fats
            list: word
            map: word
            name: {a: 1}
            port: 5
            """);
    assertThat(problems)
        .containsExactly(
            "s.yaml:1:1 nmae: unknown key; did you mean name?",
            "s.yaml:2:1 port: \"70000\" is not usable; a whole number from 1 to 65535 is",
            "s.yaml:3:1 wait: \"5 parsecs\" is not usable; a time such as 500ms, 5s or 1m from"
                + " 100ms to 1m is",
            "s.yaml:4:1 buffer: \"2GiB\" is not usable; a size such as 64KiB or 1MiB from 1KiB to"
                + " 1MiB is",
            "s.yaml:5:1 flag: \"yes\" is neither true nor false",
            "s.yaml:6:1 mode: \"fats\" is not known; one of fast, safe is",
            "s.yaml:7:1 list: not a list; write [a, b] or one \"- item\" for each line",
            "s.yaml:8:1 map: not a mapping; write \"key: value\" lines below it",
            "s.yaml:9:1 name: not a single value; write it as plain or quoted text",
            "s.yaml:10:1 port: given twice; keep one of them");
  }

  @Test
  void asksForWhatIsMissing() {
    assertThat(problems("list: [1]"))
        .containsExactly("s.yaml:1:1 name: missing; this key is required");
    assertThat(problems("name: ' '"))
        .containsExactly("s.yaml:1:1 name: empty; a value is required here");
  }

  @Test
  void refusesWhatIsNoYaml() {
    assertThatThrownBy(() -> YamlNode.parse("a: [1, 2\nb: 3", "s.yaml"))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageStartingWith("s.yaml:2:")
        .hasMessageContaining("not valid YAML");
    assertThatThrownBy(() -> YamlNode.parse("# nothing", "s.yaml"))
        .hasMessage("s.yaml:1:1: the file is empty; at least its required keys must be there");
    assertThatThrownBy(() -> YamlNode.parse("[".repeat(100_000), "s.yaml"))
        .isInstanceOf(InvalidFileException.class);
    assertThatThrownBy(() -> YamlNode.parse("a".repeat(2 << 20), "s.yaml"))
        .isInstanceOf(InvalidFileException.class);
  }

  private static List<String> problems(String yaml) {
    InvalidFileException thrown =
        catchThrowableOfType(
            InvalidFileException.class,
            () -> {
              YamlNode root = YamlNode.parse(yaml, "s.yaml");
              root.allowKeys("name", "port", "wait", "buffer", "flag", "mode", "list", "map");
              root.requiredString("name");
              root.integer("port", 1, 65_535, 0);
              root.duration("wait", Duration.ofMillis(100), Duration.ofMinutes(1), SECOND);
              root.size("buffer", 1 << 10, 1 << 20, 0);
              root.bool("flag", false);
              root.oneOf("mode", Set.of("fast", "safe"), "safe");
              root.strings("list");
              root.child("map").children();
              root.finish();
            });
    return thrown.problems().stream().map(Problem::toString).toList();
  }
}
