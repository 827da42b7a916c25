package dev.crossfade.server.console.action;

import dev.crossfade.server.console.action.Form.InvalidException;
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
   * @return what it came to, in a sentence
   * @throws io.grpc.StatusRuntimeException when a service refuses
   * @throws InvalidException when what was entered cannot be meant
   */
  String perform(Viewer viewer, Form form) throws InvalidException;
}
