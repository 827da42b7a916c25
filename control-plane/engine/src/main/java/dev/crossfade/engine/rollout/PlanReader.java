package dev.crossfade.engine.rollout;

import dev.crossfade.core.migration.ReadShare;
import dev.crossfade.core.migration.Stage;
import dev.crossfade.engine.rollout.Guard.Remedy;
import dev.crossfade.engine.rollout.Plan.Step;
import dev.crossfade.engine.rollout.Plan.Terms;
import dev.crossfade.engine.rollout.Plan.Webhook;
import dev.crossfade.sql.lens.RolloutKeys;
import dev.crossfade.sql.yaml.InvalidFileException;
import dev.crossfade.sql.yaml.YamlNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the plan of a migration file. */
public final class PlanReader {
  private static final Duration HOLD_MAX = Duration.ofDays(31);
  private static final Duration TIMEOUT_MAX = Duration.ofSeconds(60);
  private static final int NAME_MAX = 100;
  private static final Pattern REFERENCE = Pattern.compile("env:[A-Za-z_][A-Za-z0-9_]*");
  private static final Pattern URL = Pattern.compile("https?://[^\\s@/]+(/\\S*)?");
  private static final Pattern NONE = Pattern.compile("\\s*0+(\\.0*)?\\s*%?\\s*");
  private static final Set<String> STAGES =
      Set.of("DUAL_WRITE", "SHADOW", "RAMP", "LIVE", "RAMPDOWN", "COMPLETE");
  private static final Set<String> BACK = Set.of("previous", "OFF", "DUAL_WRITE", "SHADOW", "RAMP");
  private static final Set<String> JOBS =
      Set.of("backfill", "verify", "repair", "continuous-verify", "lens-check");

  private PlanReader() {}

  /**
   * The plan of a file; empty when it has none.
   *
   * @param source the file's name, for messages
   * @throws InvalidFileException with everything that is wrong with it
   */
  public static Optional<Plan> read(String yaml, String source) throws InvalidFileException {
    YamlNode root = YamlNode.parse(yaml, source);
    YamlNode spec = root.child("spec");
    YamlNode node = spec.child("rollout");
    if (!node.isPresent()) {
      root.finish();
      return Optional.empty();
    }
    Plan plan = plan(node.allowKeys(RolloutKeys.ROLLOUT));
    possible(plan, spec);
    root.finish();
    return Optional.of(plan);
  }

  /** Reads it to see whether it can be read. */
  public static void check(String yaml, String source) throws InvalidFileException {
    Optional<Plan> plan = read(yaml, source);
    plan.ifPresent(found -> found.steps().getFirst());
  }

  private static Plan plan(YamlNode node) {
    List<Guard> common = GuardReader.read(node.child("guards"));
    List<Step> steps = new ArrayList<>();
    List<YamlNode> items = node.requiredChild("steps").items();
    if (node.child("steps").isPresent() && (items.isEmpty() || items.size() > Plan.STEPS_MAX)) {
      node.child("steps").report(items.size() + " steps; 1 to " + Plan.STEPS_MAX + " are allowed");
    }
    Set<String> names = new HashSet<>();
    for (YamlNode item : items) {
      Step step = step(item, common);
      if (!names.add(step.name())) {
        item.report("a second step \"" + step.name() + "\"; give it another name");
      }
      if (!steps.isEmpty() && !isFurther(step, steps.getLast())) {
        item.report(
            "goes back behind the step before it, " + steps.getLast().name() + "; put it in order");
      }
      steps.add(step);
    }
    String back = node.oneOf("rollback", BACK, Stage.SHADOW.name());
    return new Plan(back.equals("previous") ? null : Stage.valueOf(back), steps, webhooks(node));
  }

  /** What the rest of the file does not let happen, a rollout would wait for in vain. */
  private static void possible(Plan plan, YamlNode spec) {
    boolean isFenced = !spec.child("capture").text().orElse("").equals("statements");
    boolean isCompared =
        !NONE.matcher(spec.child("comparison").child("share").text().orElse("")).matches();
    List<YamlNode> items = spec.child("rollout").child("steps").items();
    for (int i = 0; i < plan.steps().size(); i++) {
      Step step = plan.steps().get(i);
      if (!isFenced && step.stage().compareTo(Stage.LIVE) >= 0) {
        items
            .get(i)
            .child("stage")
            .report(
                step.stage()
                    + " cannot be reached with capture: statements, which has no fence on old;"
                    + " leave the step out, or capture by triggers");
      }
      if (!isCompared && step.guards().stream().anyMatch(PlanReader::needsComparisons)) {
        items
            .get(i)
            .report(
                "step '"
                    + step.name()
                    + "' would wait for ever: its guard mismatches needs comparisons, and"
                    + " comparison.share is 0%");
      }
    }
  }

  private static boolean needsComparisons(Guard guard) {
    return guard.measure() instanceof Measure.Mismatches && !guard.isDryRun();
  }

  private static boolean isFurther(Step step, Step before) {
    return step.isBeyond(new Plan.Standing(before.stage(), before.reads()))
        || step.isAt(new Plan.Standing(before.stage(), before.reads()));
  }

  private static Step step(YamlNode node, List<Guard> common) {
    node.allowKeys(RolloutKeys.STEP);
    node.requiredChild("stage");
    Stage stage = Stage.valueOf(node.oneOf("stage", STAGES, Stage.DUAL_WRITE.name()));
    ReadShare reads = reads(node, stage);
    String name = node.optionalString("name", new Plan.Standing(stage, reads).toString()).strip();
    if (name.isEmpty() || name.length() > NAME_MAX) {
      node.child("name").report("not usable; give 1 to " + NAME_MAX + " characters");
    }
    List<Guard> own = GuardReader.read(node.child("guards"));
    for (Guard guard : own) {
      if (!guard.measure().isFor(stage)) {
        node.child("guards")
            .child(guard.key())
            .report("there is nothing to look at in " + stage + "; leave it out here");
      }
    }
    List<Guard> guards = new ArrayList<>(own);
    Set<String> replaced = new HashSet<>();
    own.forEach(guard -> replaced.add(guard.key()));
    common.stream()
        .filter(guard -> guard.measure().isFor(stage) && !replaced.contains(guard.key()))
        .forEach(guards::add);
    Terms terms =
        new Terms(
            node.duration("hold", Duration.ZERO, HOLD_MAX, Duration.ZERO),
            node.bool("confirm", false),
            job(node, stage));
    return new Step(name, stage, reads, terms, guards);
  }

  private static ReadShare reads(YamlNode node, Stage stage) {
    YamlNode child = stage == Stage.RAMP ? node.requiredChild("reads") : node.child("reads");
    Optional<String> text = child.text();
    if (text.isEmpty()) {
      return ReadShare.NONE;
    }
    if (stage != Stage.RAMP) {
      child.report("a share of reads is for RAMP only; leave it out in " + stage);
      return ReadShare.NONE;
    }
    try {
      return ReadShare.parse(text.get());
    } catch (IllegalArgumentException e) {
      child.report(String.valueOf(e.getMessage()));
      return ReadShare.NONE;
    }
  }

  private static Plan.@Nullable Job job(YamlNode node, Stage stage) {
    String word = node.oneOf("job", JOBS, "");
    if (word.isEmpty()) {
      return null;
    }
    Plan.Job job = Plan.Job.valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    if (stage == Stage.COMPLETE || job == Plan.Job.BACKFILL && stage.compareTo(Stage.LIVE) >= 0) {
      node.child("job").report("cannot be run in " + stage + "; put it into an earlier step");
    }
    return job;
  }

  private static List<Webhook> webhooks(YamlNode rollout) {
    List<Webhook> webhooks = new ArrayList<>();
    List<YamlNode> items = rollout.child("webhooks").items();
    if (items.size() > Plan.WEBHOOKS_MAX) {
      rollout
          .child("webhooks")
          .report(items.size() + " webhooks; at most " + Plan.WEBHOOKS_MAX + " are allowed");
    }
    for (YamlNode item : items) {
      item.allowKeys(RolloutKeys.WEBHOOK);
      item.requiredChild("kind");
      String url = item.requiredString("url");
      if (!url.isBlank() && !URL.matcher(url).matches() && !REFERENCE.matcher(url).matches()) {
        item.child("url")
            .report(
                "not usable; http://HOST/... or https://HOST/... without a login is, or env:NAME"
                    + " for a variable of the control plane");
      }
      String token = item.optionalString("token", "");
      if (!token.isEmpty() && !REFERENCE.matcher(token).matches()) {
        // The value is not repeated: it may be the secret itself.
        item.child("token").report("not usable; env:NAME for a variable of the control plane is");
      }
      webhooks.add(
          new Webhook(
              item.requiredString("name"),
              item.oneOf("kind", Set.of("confirm", "notify"), "notify").equals("confirm")
                  ? Webhook.Kind.CONFIRM
                  : Webhook.Kind.NOTIFY,
              url,
              token,
              item.duration(
                  "timeout", Duration.ofMillis(100), TIMEOUT_MAX, Duration.ofSeconds(5))));
    }
    return webhooks;
  }

  /** What a guard does when the file does not say. */
  static Remedy remedy(YamlNode guard, Remedy usual) {
    return Remedy.valueOf(
        guard
            .oneOf(
                "then", Set.of("rollback", "pause", "wait"), usual.name().toLowerCase(Locale.ROOT))
            .toUpperCase(Locale.ROOT));
  }
}
