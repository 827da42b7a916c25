package dev.crossfade.postgresql.shape;

import dev.crossfade.postgresql.wire.Frames;
import dev.crossfade.postgresql.wire.FrontendType;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The frames that a client does not know of when it writes: its statement is several on the
 * authority, and each time before the last one is executed the others are, with the same
 * parameters. That is before the Bind, for what they note is looked at when the last one is
 * planned; and once more before the Execute where something else was executed in between.
 *
 * <pre>
 * Parse s         -> Parse step, Parse s
 * Bind p s        -> Bind portal step, Execute portal, Close portal, Bind p s
 * Execute p       -> Execute p
 * Close s         -> Close step, Close s
 * </pre>
 */
final class WriteFrames {
  private static final byte[] PORTAL = "crossfade step".getBytes(StandardCharsets.US_ASCII);

  private final ShapeHost host;
  private final ShapedReplies replies;
  private final List<String> retired = new ArrayList<>();
  private int steps;

  WriteFrames(ShapeHost host, ShapedReplies replies) {
    this.host = host;
    this.replies = replies;
  }

  /** A statement is no more: what went ahead of it ends with the next Parse frame. */
  void retire(KnownStatement statement) {
    retired.addAll(statement.ahead());
    statement.ahead(List.of());
  }

  boolean hasRetired() {
    return !retired.isEmpty();
  }

  void closeRetired() {
    retired.forEach(this::close);
    retired.clear();
  }

  /** Prepares what goes ahead of a statement, in the place of what went ahead of it before. */
  void prepare(KnownStatement statement) {
    close(statement);
    Rewriting rewriting = statement.rewriting();
    Replacement.Write write = statement.write();
    if (rewriting == null || write == null) {
      return;
    }
    List<String> names = new ArrayList<>();
    for (byte[] step : write.ahead()) {
      String name = "crossfade step " + ++steps;
      names.add(name);
      replies.sent(new Asked(Asked.Kind.PARSE).hidden().about(rewriting));
      ByteBuf out = host.alloc().buffer(step.length + 64);
      Frames.parse(out, bytes(name), step, rewriting.parameterTypes());
      host.send(out);
    }
    statement.ahead(names);
  }

  /** Ends what goes ahead of a statement. */
  void close(KnownStatement statement) {
    statement.ahead().forEach(this::close);
    statement.ahead(List.of());
  }

  private void close(String step) {
    replies.sent(new Asked(Asked.Kind.CLOSE).hidden());
    ByteBuf out = host.alloc().buffer(64);
    Frames.closeStatement(out, bytes(step));
    host.send(out);
  }

  private static byte[] bytes(String name) {
    return name.getBytes(StandardCharsets.US_ASCII);
  }

  /** Executes what goes ahead of a statement. */
  void run(KnownStatement statement, Portal portal) {
    Rewriting rewriting = statement.rewriting();
    byte[] parameters = withoutFormats(portal.parameters());
    for (String step : statement.ahead()) {
      replies.sent(new Asked(Asked.Kind.BIND).hidden().about(rewriting));
      replies.sent(new Asked(Asked.Kind.EXECUTE).hidden().about(rewriting));
      replies.sent(new Asked(Asked.Kind.CLOSE).hidden());
      byte[] name = bytes(step);
      ByteBuf out = host.alloc().buffer(parameters.length + 128);
      out.writeByte(FrontendType.BIND)
          .writeInt(4 + PORTAL.length + 1 + name.length + 1 + parameters.length)
          .writeBytes(PORTAL)
          .writeByte(0)
          .writeBytes(name)
          .writeByte(0)
          .writeBytes(parameters);
      Frames.execute(out, PORTAL);
      Frames.closePortal(out, PORTAL);
      host.send(out);
    }
  }

  /** Executes a write whose one row is for nobody: the client's limit of rows does not count. */
  void executeWhole(byte[] portal) {
    ByteBuf out = host.alloc().buffer(portal.length + 16);
    Frames.execute(out, portal);
    host.send(out);
  }

  /**
   * The same parameters, and all columns as text: the client's formats are those of other columns.
   *
   * <pre>
   * int16 n, int16 format * n | int16 m, (int32 length, bytes) * m | int16 k, int16 format * k
   * </pre>
   */
  private static byte[] withoutFormats(byte[] parameters) {
    int at = 2 + 2 * int16(parameters, 0);
    int values = int16(parameters, at);
    at += 2;
    for (int i = 0; i < values && at >= 0; i++) {
      int length = int32(parameters, at);
      at += 4 + Math.max(length, 0);
    }
    if (at < 0 || at > parameters.length) {
      return parameters;
    }
    byte[] plain = Arrays.copyOf(parameters, at + 2);
    plain[at] = 0;
    plain[at + 1] = 0;
    return plain;
  }

  private static int int16(byte[] bytes, int at) {
    return at < 0 || at + 2 > bytes.length ? 0 : (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
  }

  private static int int32(byte[] bytes, int at) {
    return int16(bytes, at) << 16 | int16(bytes, at + 2);
  }
}
