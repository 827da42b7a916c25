package dev.crossfade.postgresql.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Streams made from seeds, cut anywhere and broken anywhere. {@code -Dcrossfade.fuzz.seeds=N} tries
 * more of them; {@code -Dcrossfade.fuzz.first=S} begins with the one that a failure named.
 */
class WireFuzzTest {
  private static final long FIRST = Long.getLong("crossfade.fuzz.first", 1);
  private static final long SEEDS = Long.getLong("crossfade.fuzz.seeds", 4000);
  private static final String TYPES = "DDDDDTCZESNK1dIGA";

  /** What a trial does with one seed. */
  private interface Trial {
    void run(Random random) throws Exception;
  }

  private static void forAllSeeds(Trial trial) {
    for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
      try {
        trial.run(new Random(seed));
      } catch (Exception | AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  /** Drops notices, replaces settings, and wants nothing after the letter K. */
  private static final class Collected implements BackendDecoder.Sink {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    public BackendDecoder.Verdict control(byte type, ByteBuf borrowed, int start, int end) {
      assertThat(borrowed.getByte(start)).isEqualTo(type);
      assertThat(borrowed.getInt(start + 1)).isEqualTo(end - start - 1);
      return verdict((char) type);
    }

    static BackendDecoder.Verdict verdict(char type) {
      return switch (type) {
        case 'N' -> BackendDecoder.Verdict.DROP;
        case 'S' -> BackendDecoder.Verdict.REPLACE;
        case 'K' -> BackendDecoder.Verdict.STOP;
        default -> BackendDecoder.Verdict.FORWARD;
      };
    }

    @Override
    public ByteBuf replacement() {
      return Unpooled.buffer().writeBytes(new byte[] {'S', 0, 0, 0, 4});
    }

    @Override
    public void passesUnread(byte type) {
      // Its bytes are what counts, and forward gets them.
    }

    @Override
    public void forward(ByteBuf owned) {
      byte[] copy = new byte[owned.readableBytes()];
      owned.readBytes(copy).release();
      bytes.writeBytes(copy);
    }
  }

  /** What has to come out: the same rules, on the whole stream, a frame at a time. */
  private static byte[] expected(byte[] stream) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteBuf bytes = Unpooled.wrappedBuffer(stream);
    for (int at = 0; stream.length - at >= 5; ) {
      char type = (char) stream[at];
      int length = bytes.getInt(at + 1);
      if (length < 4) {
        break;
      }
      long end = at + 1L + length;
      boolean unread = type == 'D' || type == 'd' || length + 1L > 1024 * 1024;
      if (!unread && end > stream.length) {
        break;
      }
      int stop = (int) Math.min(end, stream.length);
      BackendDecoder.Verdict verdict =
          unread ? BackendDecoder.Verdict.FORWARD : Collected.verdict(type);
      switch (verdict) {
        case FORWARD -> out.write(stream, at, stop - at);
        case REPLACE -> out.writeBytes(new byte[] {'S', 0, 0, 0, 4});
        case DROP -> {}
        case STOP -> {
          return out.toByteArray();
        }
      }
      at = stop;
    }
    return out.toByteArray();
  }

  private static byte[] stream(Random random) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    for (int frames = 1 + random.nextInt(12); frames > 0; frames--) {
      byte[] body = new byte[random.nextInt(random.nextInt(4) == 0 ? 300 : 12)];
      random.nextBytes(body);
      out.writeByte(TYPES.charAt(random.nextInt(TYPES.length())));
      out.writeInt(body.length + 4);
      out.write(body);
    }
    byte[] stream = bytes.toByteArray();
    if (random.nextInt(3) == 0) {
      stream[random.nextInt(stream.length)] = (byte) random.nextInt(256);
    }
    return random.nextInt(3) == 0 ? Arrays.copyOf(stream, random.nextInt(stream.length)) : stream;
  }

  @Test
  void backendStreamsComeOutTheSameHoweverTheyAreCut() {
    forAllSeeds(
        random -> {
          byte[] stream = stream(random);
          byte[] expected = expected(stream);
          Collected sink = new Collected();
          UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
          BackendDecoder decoder = new BackendDecoder(allocator, sink);
          boolean violated = false;
          int largest = 1 + random.nextInt(40);
          for (int at = 0; at < stream.length && !violated; ) {
            int size = Math.min(1 + random.nextInt(largest), stream.length - at);
            ByteBuf chunk = allocator.buffer(size).writeBytes(stream, at, size);
            try {
              decoder.decode(chunk);
            } catch (ProtocolViolation e) {
              violated = true;
            }
            at += size;
          }
          decoder.release();
          byte[] actual = sink.bytes.toByteArray();
          if (violated) {
            // What came in one chunk with the impossible length may be lost with it.
            assertThat(actual.length).isLessThanOrEqualTo(expected.length);
            assertThat(actual).isEqualTo(Arrays.copyOf(expected, actual.length));
          } else {
            assertThat(actual).isEqualTo(expected);
          }
          assertThat(allocator.metric().usedHeapMemory()).as("bytes not released").isZero();
        });
  }

  private static byte[] startup(Random random) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    int[] codes = {196_608, 196_610, 80_877_102, 80_877_103, 80_877_104, 0, -1, 131_072};
    out.writeInt(codes[random.nextInt(codes.length)]);
    for (int words = random.nextInt(6); words > 0; words--) {
      out.writeBytes(words % 2 == 0 ? "user" : "é" + random.nextInt());
      out.writeByte(0);
    }
    out.writeByte(0);
    byte[] body = bytes.toByteArray();
    for (int broken = random.nextInt(4); broken > 0; broken--) {
      body[random.nextInt(body.length)] = (byte) random.nextInt(256);
    }
    byte[] packet = new byte[4 + body.length];
    System.arraycopy(body, 0, packet, 4, body.length);
    int length = random.nextInt(8) == 0 ? random.nextInt(60) - 10 : packet.length;
    Unpooled.wrappedBuffer(packet).setInt(0, length);
    return packet;
  }

  @Test
  void startUpPacketsAreReadWholeOrRefused() {
    forAllSeeds(
        random -> {
          byte[] packet = startup(random);
          int length = Unpooled.wrappedBuffer(packet).getInt(0);
          for (int given = 0; given <= packet.length; given++) {
            ByteBuf buffer = Unpooled.buffer().writeBytes(packet, 0, given);
            try {
              StartupPacket read = StartupPacket.read(buffer);
              boolean complete = given >= 4 && given >= length;
              assertThat(read != null).as("of %s bytes", given).isEqualTo(complete);
              assertThat(buffer.readerIndex()).isEqualTo(complete ? length : 0);
            } catch (ProtocolViolation e) {
              assertThat(length < 16 || length > StartupPacket.MAX_LENGTH).isTrue();
              assertThat(buffer.readerIndex()).isIn(0, length);
            } finally {
              buffer.release();
            }
          }
        });
  }
}
