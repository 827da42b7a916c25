package dev.crossfade.engine.audit;

import java.util.regex.Pattern;

/**
 * Something that was changed.
 *
 * @param action what kind of thing is changed and how, such as {@code job.paused}. A text rather
 *     than an enum: a log outlives the version that wrote it
 * @param migration which one it concerns; empty for none
 */
public record AuditEntry(String action, String migration, Author author, Difference difference) {
  /** Of each text. */
  public static final int TEXT_MAX_CHARS = 4_096;

  private static final Pattern ACTION = Pattern.compile("[a-z][a-z-]{0,30}\\.[a-z][a-z-]{0,30}");

  public AuditEntry {
    if (!ACTION.matcher(action).matches()) {
      throw new IllegalArgumentException("'" + action + "' is no action such as job.paused");
    }
  }

  /**
   * Who, and why.
   *
   * @param actor a person, or the part of the control plane that did it by itself
   * @param reason may be empty
   */
  public record Author(String actor, String reason) {
    public Author {
      checkLength(actor);
      checkLength(reason);
    }

    /** What is too long is cut. */
    public static Author of(String actor, String reason) {
      return new Author(bounded(actor), bounded(reason));
    }
  }

  /**
   * From what to what.
   *
   * @param before empty for what was not there
   * @param after empty for what is there no more
   */
  public record Difference(String before, String after) {
    public Difference {
      checkLength(before);
      checkLength(after);
    }

    /** What is too long is cut. */
    public static Difference of(String before, String after) {
      return new Difference(bounded(before), bounded(after));
    }

    /** Of something new. */
    public static Difference to(String after) {
      return of("", after);
    }
  }

  /** A record that was read must not be made to fit: it would hide what was done to it. */
  private static void checkLength(String text) {
    if (text.length() > TEXT_MAX_CHARS) {
      throw new IllegalArgumentException("a text has " + text.length() + " characters");
    }
  }

  private static String bounded(String text) {
    String storable = text.replace('\0', ' ');
    if (storable.length() <= TEXT_MAX_CHARS) {
      return storable;
    }
    int end = TEXT_MAX_CHARS - 3;
    return storable.substring(
            0, Character.isHighSurrogate(storable.charAt(end - 1)) ? end - 1 : end)
        + "...";
  }
}
