package dev.crossfade.postgresql.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceParentTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String SPAN = "b7ad6b7169203331";
  private static final String COMMENT = "traceparent='00-" + TRACE + "-" + SPAN + "-01'";

  private static @Nullable TraceParent find(String sql) {
    ByteBuf text = Unpooled.copiedBuffer("xx" + sql + "yy", StandardCharsets.UTF_8);
    try {
      return TraceParent.find(text, 2, text.writerIndex() - 2);
    } finally {
      text.release();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1 /*" + COMMENT + "*/",
        "/*" + COMMENT + "*/ SELECT 1",
        "SELECT 2 * 3 /* a */ /*action='%2Fx',controller='index'," + COMMENT + "*/",
        "SELECT 1 /*" + COMMENT
      })
  void itIsFoundInAComment(String sql) {
    assertThat(find(sql)).isEqualTo(new TraceParent(TRACE, SPAN));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1",
        "SELECT 2 * 3",
        "SELECT 1 -- " + COMMENT,
        "SELECT 1 /* a */ " + COMMENT,
        "SELECT 1 /*traceparent='00-" + TRACE + "-" + SPAN + "-00'*/",
        "SELECT 1 /*traceparent='ff-" + TRACE + "-" + SPAN + "-01'*/",
        "SELECT 1 /*traceparent='00-00000000000000000000000000000000-" + SPAN + "-01'*/",
        "SELECT 1 /*traceparent='00-" + TRACE + "-0000000000000000-01'*/",
        "SELECT 1 /*traceparent='00-" + TRACE + "'*/",
        ""
      })
  void otherTextsHaveNone(String sql) {
    assertThat(find(sql)).isNull();
  }

  @Test
  void onlyTheFirstCommentsAreLookedAt() {
    assertThat(find("/* a */".repeat(3) + "/*" + COMMENT + "*/")).isNotNull();
    assertThat(find("/* a */".repeat(100) + "/*" + COMMENT + "*/")).isNull();
  }
}
