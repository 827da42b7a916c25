package dev.crossfade.sql.yaml;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/** The only place that calls the YAML library: text in, nodes with their places out. */
final class YamlReader {
  private static final int MAX_CODE_POINTS = 1 << 20;
  private static final int MAX_ALIASES = 20;
  private static final int MAX_DEPTH = 100;
  private static final int BYTE_ORDER_MARK = 0xFEFF;

  private final String source;

  private YamlReader(String source) {
    this.source = source;
  }

  /** The root of the only document; empty when there is nothing but comments. */
  static Optional<Node> compose(String yaml, String source) throws InvalidFileException {
    return new YamlReader(source).compose(yaml);
  }

  private Optional<Node> compose(String yaml) throws InvalidFileException {
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(source)
            .setCodePointLimit(MAX_CODE_POINTS)
            .setMaxAliasesForCollections(MAX_ALIASES)
            .build();
    checkCharacters(yaml);
    try {
      checkLimits(new Parse(settings).parseString(yaml));
      return new Compose(settings).composeString(yaml);
    } catch (MarkedYamlEngineException e) {
      throw invalid(e.getProblemMark(), e.getProblem());
    } catch (YamlEngineException e) {
      throw invalid(Optional.empty(), String.valueOf(e.getMessage()));
    }
  }

  /** The library refuses these, too, but does not say in which line. */
  private void checkCharacters(String yaml) throws InvalidFileException {
    int count = 0;
    int lineStart = 0;
    int line = 1;
    for (int i = 0; i < yaml.length(); i = yaml.offsetByCodePoints(i, 1)) {
      int c = yaml.codePointAt(i);
      boolean printable = StreamReader.isPrintable(c) || i == 0 && c == BYTE_ORDER_MARK;
      if (++count > MAX_CODE_POINTS || !printable) {
        String message =
            printable
                ? "longer than " + MAX_CODE_POINTS + " characters; make it shorter"
                : String.format(
                    Locale.ROOT, "not valid YAML: character U+%04X is not allowed; remove it", c);
        int column = yaml.codePointCount(lineStart, i) + 1;
        throw new InvalidFileException(List.of(new Problem(source, line, column, "", message)));
      }
      if (c == '\n') {
        line++;
        lineStart = i + 1;
      }
    }
  }

  /** The library has such limits too, but does not say where they were passed. */
  private void checkLimits(Iterable<Event> events) throws InvalidFileException {
    int depth = 0;
    int aliases = 0;
    for (Event event : events) {
      switch (event) {
        case CollectionStartEvent start -> depth++;
        case CollectionEndEvent end -> depth--;
        case AliasEvent alias -> aliases++;
        default -> {}
      }
      if (depth > MAX_DEPTH) {
        throw invalid(event.getStartMark(), "nested more than " + MAX_DEPTH + " deep");
      }
      if (aliases > MAX_ALIASES) {
        throw invalid(event.getStartMark(), "more than " + MAX_ALIASES + " aliases");
      }
    }
  }

  /** What has no place of its own is told at the beginning of the file. */
  private InvalidFileException invalid(Optional<Mark> mark, String what) {
    int line = mark.map(Mark::getLine).orElse(0) + 1;
    int column = mark.map(Mark::getColumn).orElse(0) + 1;
    String message = "not valid YAML: " + what.strip() + "; check indentation and quotes here";
    return new InvalidFileException(List.of(new Problem(source, line, column, "", message)));
  }
}
