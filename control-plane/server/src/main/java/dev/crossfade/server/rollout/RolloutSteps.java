package dev.crossfade.server.rollout;

import dev.crossfade.engine.rollout.Decision;

/** Is told of each decision of a rollout, before it is carried out and after. */
public interface RolloutSteps {
  /** Of no concern to anybody. */
  RolloutSteps SILENT =
      new RolloutSteps() {
        @Override
        public void decided(Decision decision) {}

        @Override
        public void done(Decision decision) {}
      };

  /** It is about to be carried out. */
  void decided(Decision decision);

  /** It has been. */
  void done(Decision decision);
}
