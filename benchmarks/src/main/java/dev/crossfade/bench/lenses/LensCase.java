package dev.crossfade.bench.lenses;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A lens that is made from another by some changes.
 *
 * @param name what the changes do
 * @param base the name of the lens that is changed
 * @param yaml its migration file
 * @param onNew what is changed in the new schema
 */
public record LensCase(String name, String base, String yaml, List<String> onNew) {
  public LensCase {
    onNew = List.copyOf(onNew);
  }

  /** Faulty ones. */
  public static List<LensCase> faulty() {
    return read("faulty.txt");
  }

  /** Right ones. */
  public static List<LensCase> sound() {
    return read("sound.txt");
  }

  /** A file beside the lists. */
  static String resource(String name) {
    try (InputStream stream = LensCase.class.getResourceAsStream("/lenses/" + name)) {
      if (stream == null) {
        throw new IllegalStateException("lenses/" + name + " is not on the class path");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<LensCase> read(String file) {
    List<LensCase> cases = new ArrayList<>();
    Draft draft = null;
    for (String line : resource(file).lines().toList()) {
      if (line.startsWith("== ")) {
        add(draft, cases);
        draft = new Draft(line.substring(3));
      } else if (draft != null && !line.isEmpty() && !line.startsWith("#")) {
        draft.line(line);
      }
    }
    add(draft, cases);
    return List.copyOf(cases);
  }

  private static void add(@Nullable Draft draft, List<LensCase> cases) {
    if (draft != null) {
      cases.add(draft.done());
    }
  }

  /** A case whose lines are being read. */
  private static final class Draft {
    private final String name;
    private final List<String> onNew = new ArrayList<>();
    private String base = "";
    private String yaml = "";
    private @Nullable String from;
    private @Nullable String to;

    Draft(String name) {
      this.name = name;
    }

    void line(String line) {
      if (line.startsWith("in ")) {
        base = line.substring(3);
        yaml = resource(base + ".yaml");
      } else if (line.startsWith("new ")) {
        onNew.add(line.substring(4));
      } else if (line.startsWith("- ")) {
        apply();
        from = line.substring(2);
      } else if (line.startsWith("+")) {
        String text = line.length() > 1 ? line.substring(2) : "";
        to = to == null ? text : to + "\n" + text;
      } else {
        throw new IllegalStateException(name + ": what is '" + line + "'?");
      }
    }

    private void apply() {
      if (from == null || to == null) {
        return;
      }
      int at = yaml.indexOf(from);
      if (at < 0 || yaml.indexOf(from, at + 1) >= 0) {
        throw new IllegalStateException(name + ": '" + from + "' is not in it once");
      }
      yaml = yaml.substring(0, at) + to + yaml.substring(at + from.length());
      from = null;
      to = null;
    }

    LensCase done() {
      apply();
      return new LensCase(name, base, yaml, onNew);
    }
  }
}
