package dev.crossfade.server.console.action;

import java.util.List;

/**
 * A field of a confirmation's form.
 *
 * @param kind {@code hidden}, {@code number}, {@code check}, {@code select}, {@code text} or {@code
 *     area}, which is for a file
 * @param hint a sentence below it; may be empty
 * @param options of a select
 * @param range of a number; of a text and an area how many characters
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

  static Field text(String name, String label, String value, int maxChars) {
    return new Field("text", name, label, value, "", List.of(), characters(1, maxChars));
  }

  static Field optionalText(String name, String label, int maxChars) {
    return new Field("text", name, label, "", "", List.of(), characters(0, maxChars));
  }

  static Field area(String name, String label, int maxChars) {
    return new Field("area", name, label, "", "", List.of(), characters(1, maxChars));
  }

  private static Range characters(int least, int most) {
    return new Range(String.valueOf(least), String.valueOf(most), "");
  }

  /** Whether something must be entered. */
  public boolean isRequired() {
    return !range.min().equals("0");
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
