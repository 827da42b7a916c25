package dev.crossfade.server.console.action;

import dev.crossfade.server.console.action.Form.InvalidException;
import dev.crossfade.server.console.calls.Identity;
import dev.crossfade.server.console.page.Viewer;

/** Something that people change. */
public interface Action {
  /** Where its form is, and where that is sent to. */
  String path();

  /** The page that it belongs to. */
  String home();

  /**
   * What would happen now.
   *
   * @throws io.grpc.StatusRuntimeException when a service refuses
   * @throws InvalidException when what was asked for cannot be meant
   */
  Confirmation confirm(Viewer viewer, Form form) throws InvalidException;

  /**
   * Does it.
   *
   * @throws io.grpc.StatusRuntimeException when a service refuses
   * @throws InvalidException when what was entered cannot be meant
   */
  Outcome perform(Viewer viewer, Form form) throws InvalidException;

  /** Whether its form is worth showing to somebody; the services decide all the same. */
  default boolean isFor(Identity identity) {
    return identity.mayOperate();
  }

  /** Whether its call keeps a reason, so that people are asked for one. */
  default boolean asksWhy() {
    return true;
  }

  /** Whether its form may be as long as a file. */
  default boolean takesFile() {
    return false;
  }
}
