package dev.crossfade.postgresql.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.core.compare.AnswerDigest;
import dev.crossfade.postgresql.shadow.RowDigest.Columns;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RowDigestTest {
  private static ByteBuf row(@Nullable String... cells) {
    ByteBuf row = Unpooled.buffer().writeShort(cells.length);
    for (String cell : cells) {
      if (cell == null) {
        row.writeInt(-1);
      } else {
        byte[] bytes = cell.getBytes(StandardCharsets.UTF_8);
        row.writeInt(bytes.length).writeBytes(bytes);
      }
    }
    return row;
  }

  private static AnswerDigest digest(Columns columns, Random pieces, ByteBuf... rows) {
    RowDigest digest = new RowDigest(columns);
    for (ByteBuf row : rows) {
      int at = 0;
      boolean begins = true;
      while (at < row.readableBytes() || begins) {
        int to = Math.min(row.readableBytes(), at + pieces.nextInt(9));
        digest.part(row, at, to, begins);
        begins = false;
        at = to;
      }
    }
    return digest.end();
  }

  private static final Columns SOME =
      new Columns(new boolean[] {false, true, false}, new boolean[] {true, false, false});

  @Test
  void inWhateverPiecesRowsComeTheDigestIsTheSame() {
    for (Columns columns : new Columns[] {Columns.PLAIN, SOME}) {
      AnswerDigest first =
          digest(columns, new Random(0), row("1", "a", null), row("2", "", "long".repeat(9)));
      for (int seed = 1; seed < 200; seed++) {
        assertThat(
                digest(
                    columns, new Random(seed), row("1", "a", null), row("2", "", "long".repeat(9))))
            .as("seed " + seed)
            .isEqualTo(first);
      }
      assertThat(first.rows()).isEqualTo(2);
    }
  }

  @Test
  void whatIsIgnoredDoesNotCountAndAllElseDoes() {
    Random random = new Random(3);
    AnswerDigest one = digest(SOME, random, row("1", "a", "x"), row("2", "b", "y"));
    assertThat(digest(SOME, random, row("1", "other", "x"), row("2", null, "y"))).isEqualTo(one);
    assertThat(digest(SOME, random, row("1", "a", "z"), row("2", "b", "y")).hasRowsOf(one))
        .isFalse();
    AnswerDigest turned = digest(SOME, random, row("2", "b", "y"), row("1", "a", "x"));
    assertThat(turned.hasRowsOf(one)).isTrue();
    assertThat(turned.hasOrderOf(one)).isFalse();
  }

  @Test
  void nullIsNoEmptyTextAndValuesDoNotRunTogether() {
    for (Columns columns : new Columns[] {Columns.PLAIN, SOME}) {
      Random random = new Random(3);
      AnswerDigest one = digest(columns, random, row("1", "a", null));
      assertThat(digest(columns, random, row("1", "a", "")).hasRowsOf(one)).isFalse();
      AnswerDigest two = digest(columns, random, row("12", "", "3"));
      assertThat(digest(columns, random, row("1", "", "23")).hasRowsOf(two)).isFalse();
    }
  }
}
