package dev.crossfade.sql.yaml;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A place in a YAML document, read by asking for what should be there. A question that the document
 * answers wrongly is noted as a {@link Problem} and answered with a harmless value, so that one
 * pass finds all mistakes; call {@link #finish} at the end, before anything that was read is used.
 * An absent node answers every question with "nothing" and notes no problem of its own.
 */
public final class YamlNode {
  private final @Nullable Node node;
  private final String path;
  private final YamlProblems problems;
  private final int line;
  private final int column;
  private final Map<String, Entry> entries;

  /** A key's own place matters: that is where a wrong or missing value is best shown. */
  private record Entry(Node key, Node value) {}

  private YamlNode(@Nullable Node node, String path, YamlProblems problems, @Nullable Node place) {
    this.node = node == null || isNull(node) ? null : node;
    this.path = path;
    this.problems = problems;
    Optional<Mark> mark = place == null ? Optional.empty() : place.getStartMark();
    this.line = mark.map(Mark::getLine).orElse(-1) + 1;
    this.column = mark.map(Mark::getColumn).orElse(-1) + 1;
    this.entries = new LinkedHashMap<>();
    if (this.node instanceof MappingNode mapping) {
      readEntries(mapping);
    }
  }

  /**
   * @param source the file's name, for messages
   * @throws InvalidFileException when it is not YAML at all, or empty
   */
  public static YamlNode parse(String yaml, String source) throws InvalidFileException {
    YamlProblems problems = new YamlProblems(source, yaml);
    Optional<Node> composed = YamlReader.compose(yaml, source);
    YamlNode root = new YamlNode(composed.orElse(null), "", problems, composed.orElse(null));
    if (!root.isPresent()) {
      problems.add(1, 1, "", "the file is empty; at least its required keys must be there");
      problems.throwIfAny();
    }
    return root;
  }

  /** Throws everything that was noted anywhere in this document, if anything was. */
  public void finish() throws InvalidFileException {
    problems.throwIfAny();
  }

  /** Whether nothing was found wrong with this document so far. */
  public boolean isSound() {
    return problems.isEmpty();
  }

  /** Whether the document has this node, with a value. */
  public boolean isPresent() {
    return node != null;
  }

  /** Whether it is a mapping, where other things are allowed as well. */
  public boolean isMapping() {
    return node instanceof MappingNode;
  }

  /** Whether it is a list, where other things are allowed as well. */
  public boolean isList() {
    return node instanceof SequenceNode;
  }

  /** Such as {@code spec.old.customers}; empty for the root. */
  public String path() {
    return path;
  }

  /**
   * Notes a problem at this node.
   *
   * @param message what is wrong; what would be right
   */
  public void report(String message) {
    problems.add(line, column, path, message);
  }

  /** Notes a problem at another place of this document. */
  public void report(Place other, String message) {
    problems.add(other.line(), other.column(), other.path(), message);
  }

  /** For problems that are found after {@link #finish}. */
  public Place place() {
    return new Place(problems.source(), line, column, path);
  }

  /** Notes every key that is not one of these, naming the one that was probably meant. */
  public YamlNode allowKeys(String... names) {
    return allowKeys(List.of(names));
  }

  /** See {@link #allowKeys(String...)}. */
  public YamlNode allowKeys(List<String> allowed) {
    requireMapping();
    entries.forEach(
        (key, entry) -> {
          if (!allowed.contains(key)) {
            String hint =
                NearestWord.to(key, allowed)
                    .map(word -> "did you mean " + word + "?")
                    .orElse("known here: " + String.join(", ", allowed));
            at(key, entry).report("unknown key; " + hint);
          }
        });
    return this;
  }

  /** The value under a key; absent when the key is not there. */
  public YamlNode child(String key) {
    requireMapping();
    Entry entry = entries.get(key);
    return entry == null ? new YamlNode(null, pathOf(key), problems, node) : at(key, entry);
  }

  /** The value under a key; a missing one is a problem. */
  public YamlNode requiredChild(String key) {
    YamlNode child = child(key);
    // What is no mapping at all was reported as that already.
    if (node instanceof MappingNode && !child.isPresent()) {
      child.report("missing; this key is required");
    }
    return child;
  }

  /** The entries of this mapping in the order of the file. */
  public Map<String, YamlNode> children() {
    requireMapping();
    Map<String, YamlNode> children = new LinkedHashMap<>();
    entries.forEach((key, entry) -> children.put(key, at(key, entry)));
    return children;
  }

  /** The elements of this list. */
  public List<YamlNode> items() {
    if (node == null) {
      return List.of();
    }
    if (!(node instanceof SequenceNode sequence)) {
      report("not a list; write [a, b] or one \"- item\" for each line");
      return List.of();
    }
    List<YamlNode> items = new ArrayList<>();
    for (Node item : sequence.getValue()) {
      items.add(new YamlNode(item, path + '[' + items.size() + ']', problems, item));
    }
    return items;
  }

  /** This scalar's text; empty, with a problem, when it is a list or a mapping. */
  public Optional<String> text() {
    if (node == null) {
      return Optional.empty();
    }
    if (!(node instanceof ScalarNode scalar)) {
      report("not a single value; write it as plain or quoted text");
      return Optional.empty();
    }
    return Optional.of(scalar.getValue());
  }

  /** Like {@link #text}, but what is written as one is a {@link Boolean} or a {@link Long}. */
  public Optional<Object> value() {
    Optional<String> text = text();
    if (text.isEmpty() || node == null) {
      return Optional.empty();
    }
    if (node.getTag().equals(Tag.BOOL)) {
      return Optional.of(Boolean.valueOf(text.get()));
    }
    if (!node.getTag().equals(Tag.INT)) {
      return Optional.of(text.get());
    }
    try {
      return Optional.of(Long.valueOf(text.get()));
    } catch (NumberFormatException e) {
      report("\"" + text.get() + "\" is too large for a number");
      return Optional.empty();
    }
  }

  /** Like {@link #text}, with the place of each of its characters. */
  public Optional<SourceText> sourceText() {
    Optional<String> text = text();
    if (text.isEmpty() || !(node instanceof ScalarNode scalar)) {
      return Optional.empty();
    }
    Optional<Mark> start = scalar.getStartMark();
    Optional<Mark> end = scalar.getEndMark();
    if (start.isEmpty() || end.isEmpty()) {
      return Optional.of(SourceText.of(text.get(), place()));
    }
    ScalarText.Written written =
        new ScalarText.Written(
            problems.written(start.get(), end.get()),
            scalar.getScalarStyle(),
            start.get().getLine() + 1,
            start.get().getColumn() + 1);
    return Optional.of(new ScalarText(text.get(), place(), written));
  }

  public Optional<String> optionalString(String key) {
    return child(key).text();
  }

  public String optionalString(String key, String fallback) {
    return child(key).text().orElse(fallback);
  }

  /** The text under a key; the empty string, with a problem, when it is missing or blank. */
  public String requiredString(String key) {
    YamlNode child = requiredChild(key);
    Optional<String> text = child.text();
    if (text.isPresent() && text.get().isBlank()) {
      child.report("empty; a value is required here");
    }
    return text.orElse("");
  }

  /** The texts of the list under a key; empty when it is missing. */
  public List<String> strings(String key) {
    List<String> texts = new ArrayList<>();
    for (YamlNode item : child(key).items()) {
      item.text().ifPresent(texts::add);
    }
    return texts;
  }

  /** A whole number between two bounds, both allowed. */
  public int integer(String key, int least, int most, int fallback) {
    YamlNode child = child(key);
    Optional<String> text = child.text();
    if (text.isEmpty()) {
      return fallback;
    }
    try {
      int value = Integer.parseInt(text.get());
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Told below, like a number out of range.
    }
    child.report(
        "\""
            + text.get()
            + "\" is not usable; a whole number from "
            + least
            + " to "
            + most
            + " is");
    return fallback;
  }

  /** Like {@link #integer}, but a missing key is a problem. */
  public int requiredInteger(String key, int least, int most) {
    requiredChild(key);
    return integer(key, least, most, least);
  }

  public boolean bool(String key, boolean fallback) {
    YamlNode child = child(key);
    Optional<String> text = child.text();
    if (text.isEmpty()) {
      return fallback;
    }
    return switch (text.get()) {
      case "true" -> true;
      case "false" -> false;
      default -> {
        child.report("\"" + text.get() + "\" is neither true nor false");
        yield fallback;
      }
    };
  }

  /** A time such as {@code 500ms}, {@code 5s}, {@code 1m} or {@code 2h}, between two bounds. */
  public Duration duration(String key, Duration least, Duration most, Duration fallback) {
    YamlNode child = child(key);
    Optional<String> text = child.text();
    if (text.isEmpty()) {
      return fallback;
    }
    Optional<Duration> value = Quantities.duration(text.get());
    if (value.isPresent()
        && value.get().compareTo(least) >= 0
        && value.get().compareTo(most) <= 0) {
      return value.get();
    }
    String range = Quantities.show(least) + " to " + Quantities.show(most);
    child.report(
        "\""
            + text.get()
            + "\" is not usable; a time such as 500ms, 5s or 1m from "
            + range
            + " is");
    return fallback;
  }

  /** A size such as {@code 512}, {@code 64KiB} or {@code 1MiB} in bytes, between two bounds. */
  public long size(String key, long least, long most, long fallback) {
    YamlNode child = child(key);
    Optional<String> text = child.text();
    if (text.isEmpty()) {
      return fallback;
    }
    Optional<Long> value = Quantities.size(text.get());
    if (value.isPresent() && value.get() >= least && value.get() <= most) {
      return value.get();
    }
    String range = Quantities.show(least) + " to " + Quantities.show(most);
    child.report(
        "\"" + text.get() + "\" is not usable; a size such as 64KiB or 1MiB from " + range + " is");
    return fallback;
  }

  /** One of a few words, spelled exactly. */
  public String oneOf(String key, Set<String> words, String fallback) {
    YamlNode child = child(key);
    Optional<String> text = child.text();
    if (text.isEmpty()) {
      return fallback;
    }
    if (words.contains(text.get())) {
      return text.get();
    }
    String choice = String.join(", ", words.stream().sorted().toList());
    child.report("\"" + text.get() + "\" is not known; one of " + choice + " is");
    return fallback;
  }

  private void readEntries(MappingNode mapping) {
    for (NodeTuple tuple : mapping.getValue()) {
      Node key = tuple.getKeyNode();
      if (!(key instanceof ScalarNode scalar)) {
        new YamlNode(key, path, problems, key)
            .report("a key is a list or a mapping; keys are plain text");
        continue;
      }
      Entry entry = new Entry(key, tuple.getValueNode());
      if (entries.putIfAbsent(scalar.getValue(), entry) != null) {
        problems.add(
            key.getStartMark().map(Mark::getLine).orElse(-1) + 1,
            key.getStartMark().map(Mark::getColumn).orElse(-1) + 1,
            pathOf(scalar.getValue()),
            "given twice; keep one of them");
      }
    }
  }

  private void requireMapping() {
    if (node != null && !(node instanceof MappingNode)) {
      report("not a mapping; write \"key: value\" lines below it");
    }
  }

  private YamlNode at(String key, Entry entry) {
    return new YamlNode(entry.value(), pathOf(key), problems, entry.key());
  }

  private String pathOf(String key) {
    return path.isEmpty() ? key : path + '.' + key;
  }

  private static boolean isNull(Node node) {
    return node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.NULL);
  }
}
