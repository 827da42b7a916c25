package dev.crossfade.server.console.action;

import java.util.List;

/**
 * A field of a confirmation's form.
 *
 * @param kind {@code hidden}, {@code number}, {@code check} or {@code select}
 * @param hint a sentence below it; may be empty
 * @param options of a select
 * @param range of a number
 */
public record Field(
    String kind,
    String name,
    String label,
    String value,
    String hint,
    List<String> options,
    Range range) {
  private static final Range NONE = new Range("", "", "");

  /** Bounds of a number and how fine it is, as texts. */
  public record Range(String min, String max, String step) {}

  static Field hidden(String name, String value) {
    return new Field("hidden", name, "", value, "", List.of(), NONE);
  }

  static Field number(String name, String label, String value, Range range) {
    return new Field("number", name, label, value, "", List.of(), range);
  }

  static Field check(String name, String label) {
    return new Field("check", name, label, "yes", "", List.of(), NONE);
  }

  static Field select(String name, String label, String value, List<String> options) {
    return new Field("select", name, label, value, "", options, NONE);
  }

  Field with(String hint) {
    return new Field(kind, name, label, value, hint, options, range);
  }

  /** With what somebody has already entered. */
  Field withValue(String entered) {
    return new Field(kind, name, label, entered, hint, options, range);
  }

  /** Whether it is chosen in a select. */
  public boolean isChosen(String option) {
    return option.equals(value);
  }
}
