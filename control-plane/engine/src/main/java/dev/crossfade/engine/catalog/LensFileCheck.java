package dev.crossfade.engine.catalog;

import dev.crossfade.engine.rollout.PlanReader;
import dev.crossfade.sql.lens.FollowedFlag;
import dev.crossfade.sql.lens.LensPreview;
import dev.crossfade.sql.lens.MigrationFile;
import dev.crossfade.sql.yaml.InvalidFileException;
import dev.crossfade.sql.yaml.Problem;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads and compiles migration files as {@code ctl lens explain} does: as far as that goes without
 * a database. Any number of threads.
 */
public final class LensFileCheck implements MigrationFileCheck {
  private static final int PROBLEMS_MAX = 10;

  /** What fits into the trailers of a gRPC answer with room to spare. */
  private static final int MESSAGE_MAX_CHARS = 4_000;

  @Override
  public Result check(MigrationText file) {
    Set<Problem> problems = new LinkedHashSet<>();
    MigrationFile read = read(file, problems);
    if (read == null || !problems.isEmpty()) {
      return new Broken(message(List.copyOf(problems)));
    }
    FollowedFlag flag = read.flag();
    return new Sound(read.name(), flag == null ? null : flag.name());
  }

  /** All that is wrong with a file: its lens, its flag, its rollout. */
  public static List<Problem> problems(MigrationText file) {
    Set<Problem> problems = new LinkedHashSet<>();
    read(file, problems);
    return List.copyOf(problems);
  }

  /** Null where the lens cannot be read; what both readers find is told once. */
  private static @Nullable MigrationFile read(MigrationText file, Set<Problem> problems) {
    MigrationFile read = null;
    try {
      read = LensPreview.parse(file.yaml(), file.source()).file();
    } catch (InvalidFileException e) {
      problems.addAll(e.problems());
    }
    try {
      PlanReader.check(file.yaml(), file.source());
    } catch (InvalidFileException e) {
      problems.addAll(e.problems());
    }
    return read;
  }

  private static String message(List<Problem> problems) {
    String lines =
        problems.stream()
            .limit(PROBLEMS_MAX)
            .map(Problem::toString)
            .collect(Collectors.joining("\n"));
    String bounded =
        lines.length() <= MESSAGE_MAX_CHARS ? lines : lines.substring(0, MESSAGE_MAX_CHARS) + "...";
    int more = problems.size() - PROBLEMS_MAX;
    return more > 0 ? bounded + "\nand " + more + " more" : bounded;
  }
}
