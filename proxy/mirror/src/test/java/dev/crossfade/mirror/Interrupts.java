package dev.crossfade.mirror;

import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Remembers why a mirror stopped last. */
final class Interrupts implements MirrorMeters, AutoCloseable {
  private volatile @Nullable String state;

  @Nullable String state() {
    return state;
  }

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
  public void canary(CanaryState now) {}

  @Override
  public void state(LogState seen) {}

  @Override
  public void works() {}

  @Override
  public void interrupted(SQLException why) {
    state = why.getSQLState();
  }

  @Override
  public void close() {}
}
