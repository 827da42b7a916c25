package dev.crossfade.postgresql.shape;

import dev.crossfade.postgresql.wire.Frames;
import dev.crossfade.postgresql.wire.FrontendType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What becomes of each frame of the client, and what its answer has to become. */
final class ShapedFrames {
  /** NAMEDATALEN - 1 of the server. */
  private static final int MAX_NAME = 63;

  private static final int[] NO_TYPES = {};

  /** No statement of a client has this name, and none ever comes to be by it. */
  private static final byte[] NOBODY =
      "crossfade: not translated".getBytes(StandardCharsets.US_ASCII);

  /** What becomes of a frame. */
  enum Outcome {
    /** It goes on as it came. */
    SAME,
    /** Other frames have been sent in its place. */
    REPLACED,
    /** It is to be looked at again. */
    WAIT,
    /** It is to be looked at when all of it is there. */
    MORE
  }

  private final ShapeHost host;
  private final ShapedReplies replies;
  private final KnownStatements statements;
  private final TextReader rewriter;
  private final WriteFrames writes;

  /** Counts what was executed, steps that go ahead of writes among it. */
  private int executed;

  ShapedFrames(
      ShapeHost host, ShapedReplies replies, KnownStatements statements, TextReader rewriter) {
    this.host = host;
    this.replies = replies;
    this.statements = statements;
    this.rewriter = rewriter;
    this.writes = new WriteFrames(host, replies);
  }

  /**
   * @param borrowed its reader index stands at the frame
   * @param end of the frame, or of what is there of it
   * @param before run before anything is sent in its place
   */
  Outcome look(byte type, ByteBuf borrowed, int end, Runnable before) {
    int body = borrowed.readerIndex() + 5;
    return switch (type) {
      case FrontendType.QUERY -> query(borrowed, body, end, before);
      case FrontendType.PARSE -> parse(borrowed, body, end, before);
      case FrontendType.BIND -> bind(borrowed, body, end, before);
      case FrontendType.DESCRIBE -> describe(borrowed, body, end, before);
      case FrontendType.CLOSE -> close(borrowed, body, end, before);
      case FrontendType.EXECUTE -> execute(borrowed, body, end, before);
      case FrontendType.SYNC -> sent(Asked.Kind.SYNC);
      case FrontendType.FUNCTION_CALL -> sent(Asked.Kind.CALL);
      case FrontendType.COPY_DONE, FrontendType.COPY_FAIL -> sent(Asked.Kind.COPY_END);
      default -> Outcome.SAME;
    };
  }

  private Outcome sent(Asked.Kind kind) {
    replies.sent(new Asked(kind));
    return Outcome.SAME;
  }

  private Outcome query(ByteBuf borrowed, int body, int end, Runnable before) {
    executed++;
    byte[] sql = string(borrowed, body, end);
    if (sql == null) {
      return sent(Asked.Kind.QUERY);
    }
    return switch (rewriter.read(sql, NO_TYPES, false)) {
      case Reading.Unknown ignored -> Outcome.WAIT;
      case Reading.AsIs(boolean ofOthers) -> {
        endUnnamed();
        replies.sent(new Asked(Asked.Kind.QUERY).ofOthers(ofOthers));
        yield Outcome.SAME;
      }
      case Reading.Changed(Rewriting rewriting) -> {
        endUnnamed();
        before.run();
        sendQuery(rewriting);
        yield Outcome.REPLACED;
      }
    };
  }

  /** A Query ends the unnamed statement. */
  private void endUnnamed() {
    KnownStatement unnamed = statements.put("", null);
    if (unnamed != null) {
      writes.retire(unnamed);
    }
  }

  private void sendQuery(Rewriting rewriting) {
    replies.sent(new Asked(Asked.Kind.QUERY).about(rewriting));
    ByteBuf out = host.alloc().buffer(rewriting.text().length + 6);
    Frames.query(out, rewriting.text());
    host.send(out);
  }

  private Outcome parse(ByteBuf borrowed, int body, int end, Runnable before) {
    String name = name(borrowed, body, end);
    int nameEnd = borrowed.indexOf(body, end, (byte) 0);
    byte[] sql = name == null ? null : string(borrowed, nameEnd + 1, end);
    if (name == null || sql == null) {
      return sent(Asked.Kind.PARSE);
    }
    int[] types = types(borrowed, nameEnd + 1 + sql.length + 1, end);
    int generation = rewriter.generation();
    return switch (rewriter.read(sql, types, true)) {
      case Reading.Unknown ignored -> Outcome.WAIT;
      case Reading.AsIs ignored -> {
        replaceUnnamed(name, before);
        parsed(new KnownStatement(name, sql, types, generation, null), null);
        yield Outcome.SAME;
      }
      case Reading.Changed(Rewriting rewriting) -> {
        before.run();
        KnownStatement statement = new KnownStatement(name, sql, types, generation, rewriting);
        replaceUnnamed(name, before);
        writes.prepare(statement);
        parsed(statement, rewriting);
        sendParse(bytes(name), rewriting.text(), rewriting.parameterTypes());
        yield Outcome.REPLACED;
      }
    };
  }

  private void replaceUnnamed(String name, Runnable before) {
    if (name.isEmpty()) {
      endUnnamed();
    }
    if (writes.hasRetired()) {
      before.run();
      writes.closeRetired();
    }
  }

  private void parsed(KnownStatement statement, @Nullable Rewriting rewriting) {
    String name = statement.name();
    KnownStatement former = statements.put(name, statement);
    replies.sent(
        new Asked(Asked.Kind.PARSE)
            .about(rewriting)
            .undo(
                () -> {
                  statements.put(name, former);
                  writes.retire(statement);
                }));
  }

  private void sendParse(byte[] name, byte[] sql, int[] types) {
    ByteBuf out = host.alloc().buffer(sql.length + name.length + 16 + 4 * types.length);
    Frames.parse(out, name, sql, types);
    host.send(out);
  }

  private Outcome bind(ByteBuf borrowed, int body, int end, Runnable before) {
    int portalEnd = borrowed.indexOf(body, end, (byte) 0);
    String portal = name(borrowed, body, end);
    String name = portal == null ? null : name(borrowed, portalEnd + 1, end);
    if (portal == null || name == null) {
      return sent(Asked.Kind.BIND);
    }
    Outcome fresh = refresh(name, Asked.Kind.BIND, before);
    return fresh == Outcome.SAME ? bound(borrowed, body, end, before) : fresh;
  }

  private Outcome bound(ByteBuf borrowed, int body, int end, Runnable before) {
    int portalEnd = borrowed.indexOf(body, end, (byte) 0);
    int nameEnd = borrowed.indexOf(portalEnd + 1, end, (byte) 0);
    String portal = Objects.requireNonNull(name(borrowed, body, end));
    KnownStatement statement =
        statements.get(Objects.requireNonNull(name(borrowed, portalEnd + 1, end)));
    byte[] parameters = {};
    if (statement != null && !statement.ahead().isEmpty()) {
      int frameEnd = body + borrowed.getInt(body - 4) - 4;
      if (frameEnd > end) {
        return Outcome.MORE;
      }
      parameters = ByteBufUtil.getBytes(borrowed, nameEnd + 1, frameEnd - nameEnd - 1);
      if (!statements.mayKeep(parameters.length)) {
        before.run();
        refuse(
            Asked.Kind.BIND,
            rewriter.refusal("TOO_LARGE", "the parameters of a write have no place"));
        return Outcome.REPLACED;
      }
    }
    boolean runsSteps = statement != null && !statement.ahead().isEmpty();
    executed += runsSteps ? 1 : 0;
    Portal bound = new Portal(statement, parameters, executed);
    statements.bound(portal, statement == null ? null : bound);
    if (statement != null && runsSteps) {
      before.run();
      writes.run(statement, bound);
    }
    replies.sent(
        new Asked(Asked.Kind.BIND).about(statement == null ? null : statement.rewriting()));
    return Outcome.SAME;
  }

  private Outcome describe(ByteBuf borrowed, int body, int end, Runnable before) {
    String name = body < end ? name(borrowed, body + 1, end) : null;
    if (name == null) {
      return sent(Asked.Kind.DESCRIBE);
    }
    KnownStatement statement;
    if (borrowed.getByte(body) == 'S') {
      Outcome fresh = refresh(name, Asked.Kind.DESCRIBE, before);
      if (fresh != Outcome.SAME) {
        return fresh;
      }
      statement = statements.get(name);
    } else {
      Portal portal = statements.portal(name);
      statement = portal == null ? null : portal.statement();
    }
    replies.sent(
        new Asked(Asked.Kind.DESCRIBE).about(statement == null ? null : statement.rewriting()));
    return Outcome.SAME;
  }

  private Outcome execute(ByteBuf borrowed, int body, int end, Runnable before) {
    String name = name(borrowed, body, end);
    Portal portal = name == null ? null : statements.portal(name);
    KnownStatement statement = portal == null ? null : portal.statement();
    Replacement.Write write = statement == null ? null : statement.write();
    boolean again = portal != null && portal.locksAgain(executed);
    executed++;
    if (portal != null && statement != null && again && !statement.ahead().isEmpty()) {
      before.run();
      writes.run(statement, portal);
    }
    replies.sent(
        new Asked(Asked.Kind.EXECUTE).about(statement == null ? null : statement.rewriting()));
    if (name == null || write == null || !write.counts()) {
      return Outcome.SAME;
    }
    before.run();
    writes.executeWhole(bytes(name));
    return Outcome.REPLACED;
  }

  private Outcome close(ByteBuf borrowed, int body, int end, Runnable before) {
    String name = body < end ? name(borrowed, body + 1, end) : null;
    Asked close = new Asked(Asked.Kind.CLOSE);
    if (name != null && borrowed.getByte(body) == 'S') {
      KnownStatement closed = statements.put(name, null);
      if (closed != null) {
        before.run();
        writes.close(closed);
      }
      close.undo(() -> statements.put(name, closed));
    } else if (name != null) {
      statements.bound(name, null);
    }
    replies.sent(close);
    return Outcome.SAME;
  }

  /** Prepares a statement anew that was read with other lenses than there are now. */
  private Outcome refresh(String name, Asked.Kind kind, Runnable before) {
    KnownStatement statement = statements.get(name);
    int generation = rewriter.generation();
    if (statement == null) {
      if (!statements.mayBeStale(generation)) {
        return Outcome.SAME;
      }
      before.run();
      refuse(
          kind,
          rewriter.refusal(
              "LENS_CHANGED",
              "a migration has changed since the statement was prepared; prepare it again"));
      return Outcome.REPLACED;
    }
    if (statement.generation() == generation && statement.isPrepared()) {
      return Outcome.SAME;
    }
    return switch (rewriter.read(statement.sql(), statement.types(), true)) {
      case Reading.Unknown ignored -> Outcome.WAIT;
      case Reading.AsIs ignored -> {
        before.run();
        prepareAnew(statement, generation, null);
        yield Outcome.SAME;
      }
      case Reading.Changed(Rewriting rewriting) -> {
        before.run();
        if (rewriting.of(0) instanceof Replacement.Refused(ShapeError why)) {
          refuse(kind, why.placeless());
          yield Outcome.REPLACED;
        }
        prepareAnew(statement, generation, rewriting);
        yield Outcome.SAME;
      }
    };
  }

  private void prepareAnew(
      KnownStatement statement, int generation, @Nullable Rewriting rewriting) {
    Rewriting was = statement.rewriting();
    boolean same =
        was == null
            ? rewriting == null
            : rewriting != null && Arrays.equals(was.text(), rewriting.text());
    if (same && statement.isPrepared()) {
      statement.stillThe(generation);
      return;
    }
    byte[] name = bytes(statement.name());
    replies.sent(new Asked(Asked.Kind.CLOSE).hidden());
    ByteBuf close = host.alloc().buffer(name.length + 8);
    Frames.closeStatement(close, name);
    host.send(close);
    statement.becomes(generation, rewriting);
    writes.prepare(statement);
    replies.sent(new Asked(Asked.Kind.PARSE).hidden().about(rewriting).undo(statement::lost));
    if (rewriting == null) {
      sendParse(name, statement.sql(), statement.types());
    } else {
      sendParse(name, rewriting.text(), rewriting.parameterTypes());
    }
  }

  /** Lets the authority fail where the frame stood. */
  private void refuse(Asked.Kind kind, ShapeError error) {
    Rewriting refused = Rewriting.refused(new byte[0], error);
    if (kind == Asked.Kind.QUERY) {
      sendQuery(refused);
    } else {
      replies.sent(new Asked(Asked.Kind.PARSE).about(refused));
      sendParse(NOBODY, refused.text(), NO_TYPES);
    }
  }

  /** A Query or Parse frame over the limit is not looked at. */
  void tooLong(byte type, int limit) {
    refuse(
        type == FrontendType.QUERY ? Asked.Kind.QUERY : Asked.Kind.PARSE,
        rewriter.refusal("TOO_LARGE", "more than " + limit + " bytes"));
  }

  /** A frame that waited for its translation. */
  void giveUp(byte type, ShapeError error) {
    rewriter.abandon();
    refuse(type == FrontendType.QUERY ? Asked.Kind.QUERY : Asked.Kind.PARSE, error);
  }

  private static byte[] bytes(String name) {
    return name.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** One character for each byte, as many as the server looks at; null when it does not end. */
  private static @Nullable String name(ByteBuf borrowed, int from, int end) {
    int zero = from < end ? borrowed.indexOf(from, end, (byte) 0) : -1;
    return zero < 0
        ? null
        : borrowed.toString(from, Math.min(zero - from, MAX_NAME), StandardCharsets.ISO_8859_1);
  }

  private static byte @Nullable [] string(ByteBuf borrowed, int from, int end) {
    int zero = from < end ? borrowed.indexOf(from, end, (byte) 0) : -1;
    return zero < 0 ? null : ByteBufUtil.getBytes(borrowed, from, zero - from);
  }

  private static int[] types(ByteBuf borrowed, int at, int end) {
    int count = end - at < 2 ? 0 : borrowed.getUnsignedShort(at);
    if (end - at - 2 < 4 * count) {
      return NO_TYPES;
    }
    int[] types = new int[count];
    for (int i = 0; i < count; i++) {
      types[i] = borrowed.getInt(at + 2 + 4 * i);
    }
    return types;
  }
}
