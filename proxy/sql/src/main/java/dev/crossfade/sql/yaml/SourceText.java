package dev.crossfade.sql.yaml;

/** A text that knows where its author wrote each part of it. */
public interface SourceText {
  String text();

  /** Of the whole: that of its key in the file. */
  Place place();

  /**
   * Where a part of it was written.
   *
   * @param byteOffset into the UTF-8 form of the text; behind its end counts as its end
   */
  Place at(int byteOffset);

  /** A text that nobody wrote; all of it has one place. */
  static SourceText of(String text, Place place) {
    return new Generated(text, place);
  }

  /** See {@link #of}. */
  record Generated(String text, Place place) implements SourceText {
    @Override
    public Place at(int byteOffset) {
      return place;
    }
  }
}
