package dev.crossfade.server.console.view;

import dev.crossfade.api.v1.Stage;
import java.util.ArrayList;
import java.util.List;

/**
 * The stages in their order, and where a migration stands among them.
 *
 * @param name the stage
 * @param effect what it means, in a few words
 * @param mark {@code past}, {@code here} or {@code ahead}
 */
public record Ladder(String name, String effect, String mark) {
  private static final List<Stage> STAGES =
      List.of(
          Stage.STAGE_OFF,
          Stage.STAGE_DUAL_WRITE,
          Stage.STAGE_SHADOW,
          Stage.STAGE_RAMP,
          Stage.STAGE_LIVE,
          Stage.STAGE_RAMPDOWN,
          Stage.STAGE_COMPLETE);

  /** All rungs. */
  public static List<Ladder> of(Stage here) {
    List<Ladder> rungs = new ArrayList<>();
    for (Stage stage : STAGES) {
      int order = Integer.compare(stage.getNumber(), here.getNumber());
      rungs.add(
          new Ladder(
              Words.stage(stage),
              effect(stage),
              order < 0 ? "past" : order == 0 ? "here" : "ahead"));
    }
    return rungs;
  }

  /** The stages before this one, the nearest first. */
  public static List<Stage> before(Stage here) {
    return STAGES.stream()
        .filter(stage -> stage.getNumber() < here.getNumber())
        .toList()
        .reversed();
  }

  /** What is in force in a stage. */
  public static String effect(Stage stage) {
    return switch (stage) {
      case STAGE_OFF -> "reads and writes are old's, nothing is mirrored";
      case STAGE_DUAL_WRITE -> "reads and writes are old's, writes are mirrored to new";
      case STAGE_SHADOW -> "as DUAL_WRITE, and a sample of reads is compared on new";
      case STAGE_RAMP -> "the read share decides which reads new answers, writes are old's";
      case STAGE_LIVE -> "reads and writes are new's, writes are mirrored back to old";
      case STAGE_RAMPDOWN -> "as LIVE, without comparison";
      case STAGE_COMPLETE -> "only new is left, old is an archive";
      case STAGE_UNSPECIFIED, UNRECOGNIZED -> "";
    };
  }

  /** Whether it is the last stage. */
  public static boolean isEnd(Stage stage) {
    return stage == STAGES.getLast();
  }

  /** Whether the authority over writes is new's. */
  public static boolean isOnNew(Stage stage) {
    return stage.getNumber() >= Stage.STAGE_LIVE_VALUE;
  }
}
