package dev.crossfade.postgresql.shape;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Says what becomes of a client's texts. */
interface TextReader {
  /** Of what it goes by at this time; -1 while that is not known. */
  int generation();

  /**
   * @param sql kept by what is returned
   * @param types OIDs that the client fixed
   * @param prepared the text of a Parse frame
   */
  Reading read(byte[] sql, int[] types, boolean prepared);

  /** What would become of a text; null while it is not known. */
  @Nullable Map<String, String> explain(byte[] sql);

  /** The text read last is given up. */
  void abandon();

  /** Why a frame is not sent. */
  ShapeError refusal(String code, String detail);
}
