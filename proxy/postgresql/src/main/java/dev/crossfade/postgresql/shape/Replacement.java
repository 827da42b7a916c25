package dev.crossfade.postgresql.shape;

import dev.crossfade.postgresql.plan.ReadPlan;
import dev.crossfade.postgresql.wire.RowDescription;
import dev.crossfade.sql.lens.Translation;
import dev.crossfade.sql.write.Template;
import dev.crossfade.sql.write.WriteTranslation.Answer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the authority gets in the place of a part of a text. */
sealed interface Replacement {
  byte[] text();

  /**
   * A read.
   *
   * @param translation that made the text; null where it was not one alone
   * @param description that the client gets; null: what the authority says, without the tables
   */
  record Read(
      byte[] text, @Nullable Translation translation, ReadPlan.@Nullable Description description)
      implements Replacement {}

  /**
   * What the client of a write is told.
   *
   * @param rows how the rows that it returns are described; null: as the authority says, without
   *     the tables
   */
  record Reply(Answer answer, @Nullable RowDescription rows) {}

  /**
   * A statement that writes or locks.
   *
   * @param ahead what is run before, in its order; its answers are for nobody
   * @param last answers the client
   * @param apart each of them is a message of its own
   * @param own made the last one of the client's own words, so that what the authority says of it
   *     is about these; null where it speaks of another shape
   */
  record Write(List<byte[]> ahead, byte[] last, Reply reply, boolean apart, @Nullable Template own)
      implements Replacement {
    public Write {
      ahead = List.copyOf(ahead);
    }

    @Override
    public byte[] text() {
      if (apart || ahead.isEmpty()) {
        return last;
      }
      ByteArrayOutputStream all = new ByteArrayOutputStream(4 * last.length);
      for (byte[] step : ahead) {
        all.writeBytes(step);
        all.writeBytes("; ".getBytes(StandardCharsets.US_ASCII));
      }
      all.writeBytes(last);
      return all.toByteArray();
    }

    /** How many answers come in one message before the client's. */
    int hiddenInMessage() {
      return apart ? 0 : ahead.size();
    }

    /** Whether the client gets no rows, but their number. */
    boolean counts() {
      return reply.answer() instanceof Answer.Count;
    }
  }

  /** Whether what the authority says of it is about the client's own tables and words. */
  default boolean isOwn() {
    return this instanceof Write write && write.own() != null;
  }

  /** How its rows are described to the client; null: as the authority does, without the tables. */
  default @Nullable RowDescription rows() {
    return switch (this) {
      case Read read -> read.description() == null ? null : read.description().rows();
      case Write write -> write.reply().rows();
      case Refused _ -> null;
    };
  }

  /** A statement that is not run. */
  record Refused(ShapeError why) implements Replacement {
    /**
     * Fails when it is analysed, and nowhere else: so the authority itself refuses what cannot be
     * translated, with all that an error does to a batch and to a transaction.
     */
    private static final byte[] FAILING =
        "SELECT \"crossfade: not translated\"".getBytes(StandardCharsets.US_ASCII);

    /** The SQLSTATE of that: a column that is not there. */
    static final String SQL_STATE = "42703";

    @Override
    public byte[] text() {
      return FAILING;
    }
  }
}
