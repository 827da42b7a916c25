package dev.crossfade.engine.catalog;

import dev.crossfade.engine.rollout.PlanReader;
import dev.crossfade.sql.lens.FollowedFlag;
import dev.crossfade.sql.lens.LensPreview;
import dev.crossfade.sql.lens.MigrationFile;
import dev.crossfade.sql.yaml.InvalidFileException;
import dev.crossfade.sql.yaml.Problem;
import java.util.List;
import java.util.stream.Collectors;

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
    try {
      MigrationFile read = LensPreview.parse(file.yaml(), file.source()).file();
      PlanReader.check(file.yaml(), file.source());
      FollowedFlag flag = read.flag();
      return new Sound(read.name(), flag == null ? null : flag.name());
    } catch (InvalidFileException e) {
      return new Broken(message(e.problems()));
    }
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
