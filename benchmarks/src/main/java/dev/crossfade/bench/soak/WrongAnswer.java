package dev.crossfade.bench.soak;

import java.io.IOException;

/** What came is not what was asked for; the message says what was expected and what came. */
final class WrongAnswer extends IOException {
  private static final long serialVersionUID = 1;

  WrongAnswer(String message) {
    super(message);
  }
}
