package dev.crossfade.postgresql.session;

import dev.crossfade.core.route.TransactionSide;
import dev.crossfade.postgresql.command.Answer;
import dev.crossfade.postgresql.command.AnswerFrames;
import dev.crossfade.postgresql.command.Command;
import dev.crossfade.postgresql.command.Row;
import dev.crossfade.postgresql.wire.BackendType;
import dev.crossfade.postgresql.wire.ClientEncoding;
import dev.crossfade.postgresql.wire.Frames;
import dev.crossfade.postgresql.wire.FrontendType;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Writes the answer to a batch of commands, frame by frame. Where one has to wait, it says so and
 * is called again.
 */
final class LocalAnswer {
  /** How long an explanation waits for a plan, and a list for the loops of other sessions. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private static final int NO_TYPES = 0;

  private final LocalCommands commands;
  private final ClientSession session;
  private final Planner planner;
  private final Batch batch;
  private final TransactionSide transaction;
  private final ClientEncoding encoding;
  private final ByteBuf out;
  private final long deadline = System.nanoTime() + PATIENCE_NANOS;
  private int frame;
  private boolean failed;
  private @Nullable LocalPortal query;
  private @Nullable Explanation explanation;
  private @Nullable ClientList clients;

  /**
   * @param batch which nothing else will change
   * @param first frame to be answered
   * @param transaction that the commands are part of
   */
  LocalAnswer(
      LocalCommands commands,
      Planner planner,
      Batch batch,
      int first,
      TransactionSide transaction) {
    this.commands = commands;
    this.planner = planner;
    this.session = planner.session();
    this.batch = batch;
    this.frame = first;
    this.transaction = transaction;
    this.encoding = session.state().settings().encoding();
    this.out = session.client().alloc().buffer();
  }

  /** Whether one of the commands was none: the rest of the batch is skipped. */
  boolean hasFailed() {
    return failed;
  }

  /** What was written; owned by the caller. */
  ByteBuf out() {
    return out;
  }

  /** Goes on; false when it has to be called again, which {@link LocalCommands#proceed} does. */
  boolean proceed() {
    while (frame < batch.count() && !failed) {
      if (!answered()) {
        return false;
      }
      frame++;
      explanation = null;
      clients = null;
    }
    return true;
  }

  private boolean answered() {
    int body = batch.frameStart(frame) + 5;
    return switch (batch.type(frame)) {
      case FrontendType.QUERY -> query(body);
      case FrontendType.PARSE -> parse(body);
      case FrontendType.BIND -> bind(body);
      case FrontendType.DESCRIBE ->
          batch.bytes().getByte(body) == 'S'
              ? describe(commands.known().statement(name(body + 1)))
              : describe(commands.known().portal(name(body + 1)));
      case FrontendType.EXECUTE -> execute(body);
      case FrontendType.CLOSE -> close(body);
      default -> true;
    };
  }

  private String name(int from) {
    return LocalNames.string(batch, frame, from);
  }

  private boolean query(int body) {
    LocalPortal portal = query;
    if (portal == null) {
      LocalStatement statement =
          commands.read(batch, body, batch.stringEnd(frame, body), new int[NO_TYPES]);
      if (fails(statement)) {
        return true;
      }
      portal = new LocalPortal(statement, batch, -1);
      query = portal;
    }
    Answer answer = answer(portal);
    if (answer == null) {
      return false;
    }
    describe(portal);
    return rows(portal, answer, 0);
  }

  private boolean parse(int body) {
    int textStart = batch.stringEnd(frame, body) + 1;
    int textEnd = batch.stringEnd(frame, textStart);
    LocalStatement statement =
        commands.read(batch, textStart, textEnd, batch.types(frame, textEnd + 1));
    if (!fails(statement)) {
      done(commands.known().prepared(name(body), statement), BackendType.PARSE_COMPLETE, statement);
    }
    return true;
  }

  private boolean fails(LocalStatement statement) {
    if (statement.command() instanceof Command.Mistaken mistake) {
      fail(mistake, statement);
      return true;
    }
    return false;
  }

  private void fail(Command.Mistaken mistake, LocalStatement statement) {
    Faults.write(out, mistake, encoding.characters(statement.sql(), mistake.offset()) + 1);
    failed = true;
  }

  private boolean bind(int body) {
    int nameStart = batch.stringEnd(frame, body) + 1;
    LocalPortal portal = new LocalPortal(commands.known().statement(name(nameStart)), batch, frame);
    done(commands.known().bound(name(body), portal), BackendType.BIND_COMPLETE, portal.statement());
    return true;
  }

  /** Says that something was done, or that there was no room for it. */
  private void done(boolean isDone, byte type, LocalStatement statement) {
    if (isDone) {
      AnswerFrames.empty(out, type);
    } else {
      fail(
          new Command.Mistaken(
              "too many prepared Crossfade commands", "Close those that are not needed.", 0),
          statement);
    }
  }

  private boolean describe(LocalStatement statement) {
    int[] types = new int[NO_TYPES];
    if (statement.command() instanceof Command.Explain explain && statement.parameters() > 0) {
      Explanation asked = explain(explain, new LocalPortal(statement, batch, -1));
      if (!asked.isSettled() && waits()) {
        return false;
      }
      types = asked.parameterTypes();
    }
    AnswerFrames.parameters(out, types);
    AnswerFrames.describe(out, statement.columns(), new short[0], encoding.charset());
    return true;
  }

  private boolean describe(LocalPortal portal) {
    AnswerFrames.describe(out, portal.statement().columns(), portal.formats(), encoding.charset());
    return true;
  }

  private boolean execute(int body) {
    int nameEnd = batch.stringEnd(frame, body);
    int limit = batch.frameEnd(frame) - nameEnd < 5 ? 0 : batch.bytes().getInt(nameEnd + 1);
    LocalPortal portal = commands.known().portal(name(body));
    Answer answer = answer(portal);
    return answer != null && rows(portal, answer, limit);
  }

  private boolean rows(LocalPortal portal, Answer answer, int limit) {
    List<Row> rows = answer.rows();
    int end = limit <= 0 ? rows.size() : (int) Math.min(rows.size(), (long) portal.next() + limit);
    for (Row row : rows.subList(portal.next(), end)) {
      AnswerFrames.row(out, row, encoding.charset());
    }
    boolean suspended = limit > 0 && end - portal.next() == limit;
    portal.next(end);
    if (suspended) {
      AnswerFrames.empty(out, BackendType.PORTAL_SUSPENDED);
      return true;
    }
    if (!answer.notice().isEmpty()) {
      Frames.notice(out, answer.notice());
    }
    AnswerFrames.complete(out, portal.statement().tag(), encoding.charset());
    return true;
  }

  private boolean close(int body) {
    commands.known().closed(batch.bytes().getByte(body) == 'S', name(body + 1));
    AnswerFrames.empty(out, BackendType.CLOSE_COMPLETE);
    return true;
  }

  /** Null while it is being asked for. */
  private @Nullable Answer answer(LocalPortal portal) {
    Answer known = portal.answer();
    if (known == null) {
      known =
          switch (portal.statement().command()) {
            case Command.Show show -> show(show);
            case Command.Explain explain -> explained(explain(explain, portal));
            case Command.Mistaken ignored -> Answer.of(List.of());
          };
      if (known != null) {
        portal.answer(known);
      }
    }
    return known;
  }

  private @Nullable Answer show(Command.Show show) {
    return switch (show.topic()) {
      case STATUS -> Answer.of(commands.insight().status());
      case ROUTES -> Answer.of(commands.insight().routes());
      case MIGRATIONS -> Answer.of(commands.insight().migrations());
      case CLIENTS -> clients();
    };
  }

  private @Nullable Answer clients() {
    ClientList list = clients;
    if (list == null) {
      list = ClientList.ask(session.context().sessions());
      clients = list;
    }
    return list.isComplete() || !waits() ? list.answer() : null;
  }

  private Explanation explain(Command.Explain explain, LocalPortal portal) {
    Explanation asked = explanation;
    if (asked == null) {
      byte[] inner = Arrays.copyOfRange(portal.statement().sql(), explain.from(), explain.to());
      asked = new Explanation(planner, inner, portal, transaction);
      explanation = asked;
    }
    return asked;
  }

  private @Nullable Answer explained(Explanation asked) {
    return asked.isSettled() || !waits() ? Answer.of(asked.rows(encoding)) : null;
  }

  /** Whether there is time left to wait; what is waited for is then looked at again soon. */
  private boolean waits() {
    boolean waits = System.nanoTime() - deadline < 0;
    if (waits) {
      commands.proceedSoon();
    }
    return waits;
  }
}
