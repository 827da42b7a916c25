package dev.crossfade.inspect.finding;

import java.util.List;

/**
 * Something that speaks against a migration, or that its owner should know.
 *
 * @param place the side and what on it, such as {@code old public.customers.full_name}
 * @param message what was found there
 * @param examples rows that show it; empty when it does not depend on rows
 */
public record Finding(Code code, String place, String message, List<Example> examples) {
  public Finding {
    examples = List.copyOf(examples);
  }

  /** A finding that does not depend on rows. */
  public Finding(Code code, String place, String message) {
    this(code, place, message, List.of());
  }

  public Severity severity() {
    return code.severity();
  }

  @Override
  public String toString() {
    return code.severity() + " " + code + " " + place + ": " + message + "; " + code.advice();
  }
}
