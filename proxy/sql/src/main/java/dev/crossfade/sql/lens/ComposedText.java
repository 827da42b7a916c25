package dev.crossfade.sql.lens;

import dev.crossfade.sql.yaml.Place;
import dev.crossfade.sql.yaml.SourceText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * SQL that was put together: some of it was written in the file, the rest has the whole's place.
 */
final class ComposedText implements SourceText {
  private final StringBuilder text = new StringBuilder();
  private final List<Piece> pieces = new ArrayList<>();
  private final Place place;
  private int length;

  /** Offsets in bytes. */
  private record Piece(int start, int end, SourceText source) {}

  ComposedText(Place place) {
    this.place = place;
  }

  ComposedText add(String generated) {
    text.append(generated);
    length += generated.getBytes(StandardCharsets.UTF_8).length;
    return this;
  }

  ComposedText add(SourceText written) {
    int start = length;
    add(written.text());
    pieces.add(new Piece(start, length, written));
    return this;
  }

  @Override
  public String text() {
    return text.toString();
  }

  @Override
  public Place place() {
    return place;
  }

  @Override
  public Place at(int byteOffset) {
    for (Piece piece : pieces) {
      if (byteOffset >= piece.start() && byteOffset < piece.end()) {
        return piece.source().at(byteOffset - piece.start());
      }
    }
    return place;
  }
}
