package dev.crossfade.server.console.action;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** All actions, by their paths. */
public final class Actions {
  private static final Pattern OF_MIGRATION =
      Pattern.compile(
          "/migrations/([a-z0-9-]{1,63})/(stage|reads|rollback|start|statements|consistency|forget)");
  private static final Pattern OF_JOB =
      Pattern.compile("/jobs/([1-9][0-9]{0,17})/(pause|resume|cancel)");

  private static final Pattern OF_DEAD_LETTERS =
      Pattern.compile("/migrations/([a-z0-9-]{1,63})/dead-letters/(replay|discard)");
  private static final Pattern OF_TOKEN = Pattern.compile("/tokens/([1-9][0-9]{0,17})/revoke");
  private static final Pattern OF_ROLLOUT =
      Pattern.compile("/migrations/([a-z0-9-]{1,63})/rollout/(start|pause|resume|confirm|abort)");

  private Actions() {}

  /** The action at a path; empty when there is none. */
  public static Optional<Action> at(String path) {
    switch (path) {
      case "/apply" -> {
        return Optional.of(new ApplyAction());
      }
      case "/tokens/create" -> {
        return Optional.of(new CreateTokenAction());
      }
      default -> {
        Optional<Action> ofMigration = ofMigration(path);
        return ofMigration.isPresent() ? ofMigration : ofNumbered(path);
      }
    }
  }

  private static Optional<Action> ofMigration(String path) {
    Matcher migration = OF_MIGRATION.matcher(path);
    if (migration.matches()) {
      String name = migration.group(1);
      return Optional.of(
          switch (migration.group(2)) {
            case "stage" -> new StageAction(name);
            case "reads" -> new ReadsAction(name);
            case "rollback" -> new RollbackAction(name);
            case "statements" -> new StatementsAction(name);
            case "consistency" -> new ConsistencyAction(name);
            case "forget" -> new ForgetAction(name);
            default -> new StartJobAction(name);
          });
    }
    Matcher letters = OF_DEAD_LETTERS.matcher(path);
    if (letters.matches()) {
      return Optional.of(
          new DeadLettersAction(letters.group(1), DeadLettersAction.Verb.of(letters.group(2))));
    }
    Matcher rollout = OF_ROLLOUT.matcher(path);
    if (rollout.matches()) {
      return Optional.of(
          new RolloutAction(rollout.group(1), RolloutAction.Verb.of(rollout.group(2))));
    }
    return Optional.empty();
  }

  private static Optional<Action> ofNumbered(String path) {
    Matcher token = OF_TOKEN.matcher(path);
    if (token.matches()) {
      return Optional.of(new RevokeTokenAction(Long.parseLong(token.group(1))));
    }
    Matcher job = OF_JOB.matcher(path);
    if (!job.matches()) {
      return Optional.empty();
    }
    long id = Long.parseLong(job.group(1));
    return Optional.of(
        new JobAction(
            id,
            switch (job.group(2)) {
              case "pause" -> JobAction.Verb.PAUSE;
              case "resume" -> JobAction.Verb.RESUME;
              default -> JobAction.Verb.CANCEL;
            }));
  }
}
