package dev.crossfade.inspect.law;

import dev.crossfade.inspect.finding.Code;
import dev.crossfade.inspect.finding.Example;
import dev.crossfade.inspect.law.Evidence.Entry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How far a check has come, in a file that survives the end of the process at any moment: it is
 * written whole beside the old one, forced to the disk, and renamed.
 *
 * <pre>
 * crossfade-lens-check 1
 * subject  SHA-256 of what is checked
 * done     step                           any number
 * at       step  last key                 at most one
 * rows     table  count                   any number
 * fault    code  place  hash  varied      any number, each followed by
 * kind     words  count                   any number
 * example  key  detail                    any number
 * </pre>
 *
 * Fields are separated by tabs. For one thread.
 */
final class Checkpoint {
  private static final String HEADER = "crossfade-lens-check 1";
  private static final int MAX_BYTES = 16 << 20;

  private final @Nullable Path file;
  private final String subject;
  private final Set<String> done = new LinkedHashSet<>();
  private final Evidence evidence = new Evidence();
  private String step = "";
  private @Nullable List<String> after;

  private Checkpoint(@Nullable Path file, String subject) {
    this.file = file;
    this.subject = subject;
  }

  /**
   * @param file null when nothing is to be kept
   * @param subject what is checked: a file about something else is not continued
   * @throws IOException when there is a file that is not a checkpoint of this subject
   */
  static Checkpoint open(@Nullable Path file, String subject) throws IOException {
    Checkpoint checkpoint = new Checkpoint(file, subject);
    if (file != null && Files.exists(file)) {
      if (Files.size(file) > MAX_BYTES) {
        throw new IOException(file + " is no checkpoint of a check: it is too large");
      }
      checkpoint.read(Files.readAllLines(file, StandardCharsets.UTF_8), file);
    }
    return checkpoint;
  }

  Evidence evidence() {
    return evidence;
  }

  boolean isDone(String name) {
    return done.contains(name);
  }

  /** The last key of a step that was under way; null when it is to begin. */
  @Nullable List<String> after(String name) {
    return step.equals(name) ? after : null;
  }

  void reached(String name, List<String> key) throws IOException {
    step = name;
    after = List.copyOf(key);
    write();
  }

  void finish(String name) throws IOException {
    done.add(name);
    step = "";
    after = null;
    write();
  }

  private void read(List<String> lines, Path from) throws IOException {
    if (lines.isEmpty() || !lines.getFirst().equals(HEADER)) {
      throw new IOException(from + " is no checkpoint of a check of this version");
    }
    Entry entry = null;
    for (String line : lines.subList(1, lines.size())) {
      List<String> fields = fields(line);
      switch (fields.getFirst()) {
        case "subject" -> {
          if (!fields.get(1).equals(subject)) {
            throw new IOException(
                from
                    + " belongs to a check of another file, other databases or other options; name"
                    + " another file, or remove it");
          }
        }
        case "done" -> done.add(fields.get(1));
        case "at" -> {
          step = fields.get(1);
          after = List.copyOf(fields.subList(2, fields.size()));
        }
        case "rows" -> evidence.addRows(fields.get(1), Long.parseLong(fields.get(2)));
        case "fault" -> entry = fault(fields);
        case "kind" -> of(entry).count(fields.get(1), Long.parseLong(fields.get(2)));
        case "example" -> of(entry).example(new Example(fields.get(1), fields.get(2)));
        default -> throw new IOException(from + " has a line that is not understood: " + line);
      }
    }
  }

  private static Entry of(@Nullable Entry entry) throws IOException {
    if (entry == null) {
      throw new IOException("a checkpoint has an example of nothing");
    }
    return entry;
  }

  private Entry fault(List<String> fields) {
    Entry entry = evidence.at(Code.valueOf(fields.get(1)), fields.get(2));
    if (!fields.get(3).isEmpty()) {
      entry.cameBack(fields.get(3));
    }
    if (fields.get(4).equals("varied")) {
      entry.vary();
    }
    return entry;
  }

  private void write() throws IOException {
    if (file == null) {
      return;
    }
    StringBuilder text = new StringBuilder(HEADER).append('\n');
    line(text, "subject", subject);
    done.forEach(name -> line(text, "done", name));
    if (after != null) {
      List<String> fields = new ArrayList<>(List.of("at", step));
      fields.addAll(after);
      line(text, fields.toArray(String[]::new));
    }
    evidence.rows().forEach((table, count) -> line(text, "rows", table, String.valueOf(count)));
    for (Entry entry : evidence.entries()) {
      String hash = entry.onlyHash().orElse("");
      String varied = entry.onlyHash().isPresent() ? "one" : "varied";
      line(text, "fault", entry.code().name(), entry.place(), hash, varied);
      entry.kinds().forEach((kind, count) -> line(text, "kind", kind, String.valueOf(count)));
      entry.examples().forEach(example -> line(text, "example", example.key(), example.detail()));
    }
    replace(file, text.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static void replace(Path file, byte[] bytes) throws IOException {
    Path whole = file.toAbsolutePath();
    Path beside = whole.resolveSibling(whole.getFileName() + ".new");
    Files.deleteIfExists(beside);
    // Keys of rows are in it, and perhaps values.
    Files.createFile(
        beside, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
    Files.move(beside, whole, StandardCopyOption.ATOMIC_MOVE);
    Path folder = whole.getParent();
    if (folder != null) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  private static void line(StringBuilder text, String... fields) {
    String separator = "";
    for (String field : fields) {
      text.append(separator)
          .append(
              field
                  .replace("\\", "\\\\")
                  .replace("\t", "\\t")
                  .replace("\n", "\\n")
                  .replace("\r", "\\r"));
      separator = "\t";
    }
    text.append('\n');
  }

  private static List<String> fields(String line) {
    List<String> fields = new ArrayList<>();
    for (String field : Arrays.asList(line.split("\t", -1))) {
      StringBuilder plain = new StringBuilder();
      for (int i = 0; i < field.length(); i++) {
        char c = field.charAt(i);
        if (c == '\\' && i + 1 < field.length()) {
          i++;
          plain.append(
              switch (field.charAt(i)) {
                case 't' -> '\t';
                case 'n' -> '\n';
                case 'r' -> '\r';
                default -> field.charAt(i);
              });
        } else {
          plain.append(c);
        }
      }
      fields.add(plain.toString());
    }
    return fields;
  }
}
