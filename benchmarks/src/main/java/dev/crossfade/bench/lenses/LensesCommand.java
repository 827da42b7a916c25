package dev.crossfade.bench.lenses;

import dev.crossfade.bench.history.Results;
import dev.crossfade.bench.lenses.Inspection.By;
import dev.crossfade.bench.process.Machine;
import dev.crossfade.inspect.database.QueryException;
import dev.crossfade.sql.catalog.CatalogTooLargeException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code crossfade bench lenses}. */
@Command(
    name = "lenses",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Gives 100 faulty lenses to the checks that run before any traffic moves, and some right"
          + " ones.",
      "Ends with 1 when fewer than 95 % are caught, or a right one is suspected."
    },
    footerHeading = "%nExample:%n",
    footer = "  crossfade bench lenses --out benchmarks/results")
public final class LensesCommand implements Callable<Integer> {
  private static final int FAILED = 1;
  private static final double BAR = 0.95;

  @Option(names = "--out", paramLabel = "DIR", description = "Also write faulty-lenses.md there.")
  private @Nullable Path out;

  @Override
  public Integer call() {
    System.out.println("starting a PostgreSQL server and filling it");
    long start = System.nanoTime();
    try (LensesRun run = LensesRun.start()) {
      List<Inspection> faulty = inspect(run, LensCase.faulty());
      List<Inspection> sound = inspect(run, LensCase.sound());
      double seconds = (System.nanoTime() - start) / 1e9;
      List<String> conditions =
          List.of(
              String.format(
                  Locale.ROOT,
                  "%d lenses over 1,400 odd rows in %.0f s",
                  faulty.size() + sound.size(),
                  seconds),
              Machine.inOneLine());
      LensesReport report = new LensesReport(faulty, sound, conditions);
      System.out.println(report.markdown());
      Path folder = out;
      if (folder != null) {
        Results.in(folder).page("faulty-lenses.md", report.markdown());
      }
      boolean met =
          Inspection.caught(faulty) >= BAR * faulty.size() && Inspection.caught(sound) == 0;
      return met ? 0 : FAILED;
    } catch (SQLException
        | QueryException
        | CatalogTooLargeException
        | IOException
        | RuntimeException e) {
      System.err.println("bench lenses: " + e.getMessage());
      return FAILED;
    }
  }

  private static List<Inspection> inspect(LensesRun run, List<LensCase> lenses)
      throws SQLException, QueryException, IOException, CatalogTooLargeException {
    List<Inspection> inspections = new ArrayList<>();
    for (LensCase lens : lenses) {
      Inspection inspection = run.inspect(lens);
      inspections.add(inspection);
      String how = inspection.caught() == By.NOBODY ? "" : inspection.code();
      System.out.printf("%-50s %s%n", lens.name(), how);
    }
    return inspections;
  }
}
