package dev.crossfade.mirror;

import java.sql.SQLException;
import java.util.List;

/** Is told what a mirror does. Called by its thread. */
public interface MirrorMeters {
  /** Nobody is told. */
  MirrorMeters NONE =
      new MirrorMeters() {
        @Override
        public void carried(int entities) {}

        @Override
        public void failed(SQLException why) {}

        @Override
        public void buried() {}

        @Override
        public void bypassed(Bypass bypass) {}

        @Override
        public void bypassing(List<Bypass> waiting) {}

        @Override
        public void canary(CanaryState state) {}

        @Override
        public void state(LogState state) {}

        @Override
        public void works() {}

        @Override
        public void interrupted(SQLException why) {}
      };

  /** Entities were made equal. */
  void carried(int entities);

  /** An entity could not be carried and will be tried again. */
  void failed(SQLException why);

  /** An entity was given up: it is a dead letter now. */
  void buried();

  /** Changes that came past every sidecar are carried, or were given up. */
  void bypassed(Bypass bypass);

  /** Such changes are in the log while the other side can't be used. */
  void bypassing(List<Bypass> waiting);

  /** Whether the way is proved. */
  void canary(CanaryState state);

  /** What the log looked like a moment ago. */
  void state(LogState state);

  /** Both servers could be used. */
  void works();

  /** The servers could not be used; the mirror begins again after a pause. */
  void interrupted(SQLException why);
}
