package dev.crossfade.postgresql.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SaslResponseTest {
  private static ByteBuf frame(char type, int length, String body) {
    ByteBuf frame = Unpooled.buffer().writeByte(type).writeInt(length);
    frame.writeCharSequence(body, StandardCharsets.ISO_8859_1);
    return frame;
  }

  @Test
  void aFrameIsReadOnceItIsWhole() {
    ByteBuf whole = frame('p', 7, "abc").writeByte('Q');
    for (int length = 0; length < 8; length++) {
      ByteBuf part = whole.slice(0, length);
      assertThat(SaslResponse.read(part)).isNull();
      assertThat(part.readerIndex()).isZero();
    }
    assertThat(Objects.requireNonNull(SaslResponse.read(whole)).body())
        .containsExactly('a', 'b', 'c');
    assertThat(whole.readableBytes()).isOne();
  }

  @Test
  void itsLengthHasItsLimits() {
    assertThat(SaslResponse.read(frame('p', 4, ""))).isNotNull();
    int most = SaslResponse.MAX_LENGTH;
    assertThat(SaslResponse.read(frame('p', most, "x".repeat(most - 4)))).isNotNull();
    for (int length : new int[] {3, 0, -1, Integer.MIN_VALUE, most + 1, Integer.MAX_VALUE}) {
      assertThatThrownBy(() -> SaslResponse.read(frame('p', length, "")))
          .isInstanceOf(ProtocolViolation.class)
          .hasMessageContaining(Integer.toString(length));
    }
    assertThatThrownBy(() -> SaslResponse.read(frame('Q', 4, "")))
        .isInstanceOf(ProtocolViolation.class)
        .hasMessageContaining("81");
  }

  @Test
  void theFirstOneNamesItsMechanism() {
    SaslResponse.Initial initial = read("PLAIN\0\0\0\0\2xy").initial();
    assertThat(initial.mechanism()).isEqualTo("PLAIN");
    assertThat(initial.message()).containsExactly('x', 'y');
    assertThat(read("PLAIN\0\0\0\0\0").initial().message()).isEmpty();
    for (String wrong :
        new String[] {
          "",
          "PLAIN",
          "PLAIN\0",
          "PLAIN\0\0\0\0",
          "PLAIN\0\0\0\0\3xy",
          "PLAIN\0\0\0\0\1xy",
          "PLAIN\0\u00ff\u00ff\u00ff\u00ff"
        }) {
      assertThatThrownBy(() -> read(wrong).initial()).isInstanceOf(ProtocolViolation.class);
    }
  }

  private static SaslResponse read(String body) {
    return Objects.requireNonNull(SaslResponse.read(frame('p', 4 + body.length(), body)));
  }
}
