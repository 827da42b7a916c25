package dev.crossfade.sidecar;

import dev.crossfade.core.migration.MigrationFlags;
import dev.crossfade.sidecar.config.SidecarConfig;
import dev.crossfade.sidecar.config.SidecarConfig.LocalMigration;
import dev.crossfade.sidecar.control.MigrationEntry;
import dev.crossfade.sql.lens.MigrationFile;
import dev.crossfade.sql.yaml.InvalidFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The migration files that the configuration names.
 *
 * @param entries in the order of the configuration
 * @param sources the file of each migration, by the migration's name
 */
record LocalMigrations(List<MigrationEntry> entries, Map<String, String> sources) {
  LocalMigrations {
    entries = List.copyOf(entries);
    sources = Map.copyOf(sources);
  }

  /**
   * @throws StartException with everything that is wrong with any of them
   */
  static LocalMigrations read(SidecarConfig config) throws StartException {
    List<MigrationEntry> entries = new ArrayList<>();
    Map<String, String> sources = new HashMap<>();
    List<String> problems = new ArrayList<>();
    for (int i = 0; i < config.migrations().size(); i++) {
      LocalMigration local = config.migrations().get(i);
      String source = local.file().toString();
      try {
        String yaml = Files.readString(local.file());
        String name = MigrationFile.parse(yaml, source).name();
        MigrationFlags flags =
            new MigrationFlags(
                name, local.stage(), local.reads(), local.stickiness(), local.consistency());
        entries.add(new MigrationEntry(name, yaml, flags));
        sources.put(name, source);
      } catch (IOException e) {
        String place = config.source() + " migrations[" + i + "].file: ";
        problems.add(place + Unreadable.text(local.file(), e));
      } catch (InvalidFileException e) {
        e.problems().forEach(problem -> problems.add(problem.toString()));
      }
    }
    StartException.throwIfAny(problems);
    return new LocalMigrations(entries, sources);
  }
}
