package dev.crossfade.bench.soak;

/**
 * How a question is sent.
 *
 * <p>{@code script} is what has to come back, by frame type; D stands for all of the rows.
 */
enum Mode {
  /** One Query. */
  SIMPLE("TDC"),
  /** Parse without a name, Bind, Describe, Execute. */
  UNNAMED("12TDC"),
  /** Bind and Execute of what was prepared after the login. */
  PREPARED("2DC"),
  /** A statement of its own: Parse with a name, Bind, Describe, Execute, Close. */
  FRESH("12TDC3");

  private final String script;

  Mode(String script) {
    this.script = script;
  }

  String script() {
    return script;
  }
}
