package dev.crossfade.testkit.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FrameTextTest {
  @Test
  void rowsShowTextNullAndBinary() {
    Frame row = frame('D', "0005 00000001 31 00000003 612762 ffffffff 00000002 00ff 00000000");
    assertThat(row).hasToString("D '1' 'a''b' NULL x'00ff' ''");
    assertThat(row.text(1)).isEqualTo("a'b");
    assertThat(row.text(2)).isNull();
    assertThat(frame('D', "0001 00000004 0a5c090d")).hasToString("D '\\n\\\\\\t\\r'");
  }

  @Test
  void sessionsThatDifferOnlyInTheirSecretsReadTheSame() {
    assertThat(frame('K', "00000001 00000002"))
        .hasToString(frame('K', "00000003 00000004").toString());
    assertThat(frame('R', "00000005 01020304"))
        .hasToString(frame('R', "00000005 05060708").toString());
    assertThat(frame('R', "0000000b 01")).hasToString("R sasl challenge");
    assertThat(frame('A', "00000007 6300 7000")).hasToString("A pid 'c' 'p'");
  }

  @Test
  void errorsShowEveryField() {
    Frame error = new Frame('E', "SERROR\0C42P01\0Mno table\0P15\0\0".getBytes(UTF_8));
    assertThat(error).hasToString("E S=ERROR C=42P01 M=no table P=15");
    assertThat(error.sqlState()).isEqualTo("42P01");
    assertThatThrownBy(error::tag)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no table");
  }

  @Test
  void everyOtherKindHasItsLine() {
    List<Frame> frames =
        List.of(
            frame('R', "00000000"),
            frame('R', "00000003"),
            frame('R', "0000000a 534352414d2d5348412d32353600 00"),
            frame('R', "00000008 01"),
            new Frame('S', "a\0b\0".getBytes(UTF_8)),
            frame('T', "0001 696400 00004000 0001 00000017 0004 ffffffff 0000"),
            frame('t', "0002 00000017 ffffffff"),
            frame('G', "00 0002 0000 0001"),
            new Frame('C', "SELECT 1\0".getBytes(UTF_8)),
            frame('n', ""),
            frame('d', "610a"),
            frame('Z', "49"));
    assertThat(FrameText.of(frames))
        .isEqualTo(
            """
            R ok
            R cleartext
            R sasl SCRAM-SHA-256
            R 8 x'01'
            S a=b
            T id{table=16384.1 type=23,4,-1 format=0}
            t 23 4294967295
            G format=0 columns=0,1
            C SELECT 1
            n
            d 'a\\n'
            Z I\
            """);
  }

  @Test
  void framesAreEqualByTheirBytes() {
    assertThat(frame('Z', "49")).isEqualTo(frame('Z', "49")).hasSameHashCodeAs(frame('Z', "49"));
    assertThat(frame('Z', "49")).isNotEqualTo(frame('Z', "54")).isNotEqualTo(frame('C', "49"));
  }

  @Test
  void messagesHaveTheBytesOfTheManual() {
    assertThat(Messages.query("x")).isEqualTo(hex("51 00000006 7800"));
    assertThat(Messages.sslRequest()).isEqualTo(hex("00000008 04d2162f"));
    assertThat(Messages.gssRequest()).isEqualTo(hex("00000008 04d21630"));
    assertThat(Messages.cancel(new BackendKey(1, -1)))
        .isEqualTo(hex("00000010 04d2162e 00000001 ffffffff"));
    assertThat(Messages.parse("s", "q", 23)).isEqualTo(hex("50 0000000e 7300 7100 0001 00000017"));
    assertThat(
            Messages.bind(
                "",
                "s",
                List.of(Parameter.int4(1), Parameter.ofNull(), Parameter.text("t")),
                List.of(1)))
        .isEqualTo(
            hex(
                "42 00000026 00 7300 0003 0001 0000 0000 0003 00000004 00000001 ffffffff 00000001"
                    + " 74 0001 0001"));
    assertThat(Messages.execute("p", 10)).isEqualTo(hex("45 0000000a 7000 0000000a"));
    assertThat(Messages.describeStatement("s")).isEqualTo(hex("44 00000007 53 7300"));
    assertThat(Messages.closePortal("")).isEqualTo(hex("43 00000006 50 00"));
    assertThat(Messages.join(Messages.flush(), Messages.sync()))
        .isEqualTo(hex("48 00000004 53 00000004"));
    assertThat(ByteBuffer.wrap(Messages.raw('!', new byte[3])).getInt(1)).isEqualTo(7);
  }

  private static Frame frame(char type, String hex) {
    return new Frame(type, hex(hex));
  }

  private static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }
}
