package dev.crossfade.net.handover;

import dev.crossfade.net.loop.EventLoops;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Taking the place of another process; {@link HandoverPort} draws what is said. Blocks its caller.
 */
public final class Takeover implements AutoCloseable {
  /** Without a word from a predecessor that lives. */
  private static final Duration ANSWER_MAX = Duration.ofSeconds(30);

  private static final String ENDED = "this process ends";

  private final Line line;
  private final List<String> names;
  private List<Heirloom> heirlooms = List.of();
  private boolean alone;

  private Takeover(Line line, List<String> names) {
    this.line = line;
    this.names = names;
  }

  /**
   * Asks the process that waits at this place; empty when none does.
   *
   * @throws BusyException when it hands over to another process just now
   * @throws IOException when it does not hand over, with the reason
   */
  public static Optional<Takeover> begin(EventLoops loops, Path place) throws IOException {
    if (!Files.exists(place)) {
      return Optional.empty();
    }
    Line line = new Line();
    var connected =
        new Bootstrap()
            .group(loops.group())
            .channel(EpollDomainSocketChannel.class)
            .handler(line)
            .connect(new DomainSocketAddress(place.toString()))
            .awaitUninterruptibly();
    if (!connected.isSuccess()) {
      Throwable cause = connected.cause();
      if (cause instanceof ConnectException || cause instanceof FileNotFoundException) {
        // What a dead process has left.
        return Optional.empty();
      }
      throw new IOException(cause.getMessage(), cause);
    }
    try {
      line.say(HandoverPort.HELLO);
      return Optional.of(new Takeover(line, names(line.next(HandoverPort.PROMPT))));
    } catch (IOException e) {
      line.close();
      throw e;
    }
  }

  private static List<String> names(Line.Heard answer) throws IOException {
    return switch (answer) {
      case Line.Heard.Text(String text) when text.startsWith(HandoverPort.HAS) ->
          Stream.of(text.substring(HandoverPort.HAS.length()).split(" "))
              .filter(name -> !name.isEmpty())
              .toList();
      case Line.Heard.Text(String text) when text.equals(HandoverPort.BUSY) ->
          throw new BusyException("it says no: " + text.substring(HandoverPort.NO.length()));
      case Line.Heard.Text(String text) when text.startsWith(HandoverPort.NO) ->
          throw new IOException("it says no: " + text.substring(HandoverPort.NO.length()));
      case Line.Heard.Text ignored -> throw new IOException("what it says is not understood");
      case Line.Heard.Descriptor ignored -> throw new IOException("a descriptor out of turn");
      case Line.Heard.End ignored -> throw new IOException("it ended the conversation");
      case Line.Heard.Woken ignored -> throw new IOException(ENDED);
    };
  }

  /** One successor is served at a time; asked again, it may have a turn. */
  public static final class BusyException extends IOException {
    private static final long serialVersionUID = 1;

    BusyException(String message) {
      super(message);
    }
  }

  /** Whether the predecessor has ended without a word: what it had may be free only in a moment. */
  public boolean isAlone() {
    return alone || line.isGone();
  }

  /** Where the predecessor listens, in its order. */
  public List<String> names() {
    return names;
  }

  /**
   * Lets it give its sockets.
   *
   * @return they are this process's own now, beside the predecessor's
   */
  public List<Heirloom> receive() throws IOException {
    line.expectDescriptors(true);
    line.say(HandoverPort.SEND);
    List<Heirloom> received = new ArrayList<>();
    for (String name : names) {
      if (!(line.next(HandoverPort.PROMPT) instanceof Line.Heard.Descriptor one)) {
        throw new IOException("it did not give " + name);
      }
      received.add(new Heirloom(name, one.descriptor()));
    }
    line.expectDescriptors(false);
    heirlooms = List.copyOf(received);
    return heirlooms;
  }

  /** Waits until what only one process may have is free. */
  public void ready() throws IOException {
    pass(HandoverPort.READY, HandoverPort.YOURS, ANSWER_MAX);
  }

  /** Waits until the predecessor has given up; this process accepts already. */
  public void taken() throws IOException {
    pass(HandoverPort.TAKEN, HandoverPort.DONE, ANSWER_MAX);
  }

  /** One that dies meanwhile has left everything. */
  private void pass(String says, String expected, Duration most) throws IOException {
    if (alone) {
      return;
    }
    try {
      line.say(says);
    } catch (IOException e) {
      alone = true;
      return;
    }
    switch (line.next(most)) {
      case Line.Heard.Text(String text) when text.equals(expected) -> {}
      case Line.Heard.End ignored -> alone = true;
      case Line.Heard.Text(String text) when text.startsWith(HandoverPort.NO) ->
          throw new IOException(text.substring(HandoverPort.NO.length()));
      case Line.Heard.Text(String text) -> throw new IOException("it said '" + text + "'");
      case Line.Heard.Descriptor ignored -> throw new IOException("a descriptor out of turn");
      case Line.Heard.Woken ignored -> throw new IOException(ENDED);
    }
  }

  /**
   * Waits, in place of {@link #ready}, until the predecessor ends, of itself or not.
   *
   * @param standing run when the predecessor knows that this process stands by
   * @return false when its place is not to be taken: another process has it, or {@link
   *     #stopWaiting} was called
   * @throws IOException when it does not let this process wait, with the reason
   */
  public boolean standBy(Runnable standing) throws IOException {
    try {
      line.say(HandoverPort.STANDBY);
    } catch (IOException e) {
      alone = true;
      return true;
    }
    Line.Heard heard = line.next();
    if (heard instanceof Line.Heard.Text(String text) && text.equals(HandoverPort.WAITS)) {
      standing.run();
      heard = line.next();
    }
    return switch (heard) {
      case Line.Heard.Text(String text) when text.equals(HandoverPort.YOURS) -> true;
      case Line.Heard.Text(String text) when text.equals(HandoverPort.SUCCEEDED) -> false;
      case Line.Heard.Text(String text) when text.startsWith(HandoverPort.NO) ->
          throw new IOException(text.substring(HandoverPort.NO.length()));
      case Line.Heard.Text(String text) -> throw new IOException("it said '" + text + "'");
      case Line.Heard.End ignored -> {
        alone = true;
        yield true;
      }
      case Line.Heard.Woken ignored -> false;
      case Line.Heard.Descriptor ignored -> throw new IOException("a descriptor out of turn");
    };
  }

  /** Who waits in {@link #standBy} need not any more. */
  public void stopWaiting() {
    line.wake();
  }

  @Override
  public void close() {
    line.close();
  }
}
