package dev.crossfade.server.console.page;

import dev.crossfade.server.console.view.Templates;
import java.time.InstantSource;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** All pages, by their paths. */
public final class Pages {
  private static final Pattern MIGRATION = Pattern.compile("/migrations/([a-z0-9-]{1,63})");
  private static final Pattern DEAD_LETTERS =
      Pattern.compile("/migrations/([a-z0-9-]{1,63})/dead-letters");
  private static final Pattern JOB = Pattern.compile("/jobs/([1-9][0-9]{0,17})");

  private final Templates templates;
  private final InstantSource clock;
  private final TrafficLog traffic;

  public Pages(Templates templates, InstantSource clock) {
    this.templates = templates;
    this.clock = clock;
    this.traffic = new TrafficLog(clock);
  }

  /** The page that is served at a path; empty when there is none. */
  public Optional<Page> at(String path) {
    switch (path) {
      case "/" -> {
        return Optional.of(new OverviewPage(templates, traffic));
      }
      case "/jobs" -> {
        return Optional.of(new JobsPage(templates));
      }
      case "/sidecars" -> {
        return Optional.of(new SidecarsPage(templates));
      }
      case "/tokens" -> {
        return Optional.of(new TokensPage(templates, clock));
      }
      default -> {
        Matcher migration = MIGRATION.matcher(path);
        if (migration.matches()) {
          return Optional.of(new MigrationPage(templates, traffic, migration.group(1)));
        }
        Matcher letters = DEAD_LETTERS.matcher(path);
        if (letters.matches()) {
          return Optional.of(new DeadLettersPage(templates, letters.group(1)));
        }
        Matcher job = JOB.matcher(path);
        return job.matches()
            ? Optional.of(new JobPage(templates, Long.parseLong(job.group(1))))
            : Optional.empty();
      }
    }
  }
}
