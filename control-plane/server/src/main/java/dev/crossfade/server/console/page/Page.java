package dev.crossfade.server.console.page;

import java.time.Duration;
import java.util.List;

/** One page. */
public interface Page {
  /** Where it is served; its events are below {@code /live}. */
  String path();

  String title();

  /** Which entry of the menu it belongs to. */
  Tab tab();

  /**
   * Makes it anew; always the same parts in the same order, some of which may be empty.
   *
   * @throws io.grpc.StatusRuntimeException when a service refuses
   */
  List<Part> parts(Viewer viewer);

  /** How often a window that shows it is brought up to date, when nothing has changed. */
  default Duration every() {
    return Duration.ofSeconds(1);
  }

  /** The menu. */
  enum Tab {
    MIGRATIONS,
    JOBS,
    SIDECARS,
    TOKENS,
    NONE
  }
}
