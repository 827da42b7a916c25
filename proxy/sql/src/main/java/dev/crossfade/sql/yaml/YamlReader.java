package dev.crossfade.sql.yaml;

import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** The only place that calls the YAML library: text in, nodes with their places out. */
final class YamlReader {
  private static final int MAX_CODE_POINTS = 1 << 20;
  private static final int MAX_ALIASES = 20;

  private YamlReader() {}

  /** The root of the only document; empty when there is nothing but comments. */
  static Optional<Node> compose(String yaml, String source) throws InvalidFileException {
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(source)
            .setCodePointLimit(MAX_CODE_POINTS)
            .setMaxAliasesForCollections(MAX_ALIASES)
            .build();
    try {
      return new Compose(settings).composeString(yaml);
    } catch (MarkedYamlEngineException e) {
      Optional<Mark> mark = e.getProblemMark();
      int line = mark.map(Mark::getLine).orElse(-1) + 1;
      int column = mark.map(Mark::getColumn).orElse(-1) + 1;
      throw invalid(source, line, column, e.getProblem());
    } catch (YamlEngineException e) {
      // Limits of the library have no place in the text.
      throw invalid(source, 0, 0, String.valueOf(e.getMessage()));
    } catch (StackOverflowError e) {
      throw invalid(source, 0, 0, "nested too deeply");
    }
  }

  private static InvalidFileException invalid(String source, int line, int column, String what) {
    String message = "not valid YAML: " + what.strip() + "; check indentation and quotes here";
    return new InvalidFileException(List.of(new Problem(source, line, column, "", message)));
  }
}
