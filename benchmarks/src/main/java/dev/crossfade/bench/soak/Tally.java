package dev.crossfade.bench.soak;

import java.util.EnumMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** What happened so far. Any thread. */
final class Tally {
  private static final int MOST_MESSAGES = 20;

  private final Map<Kind, LongAdder> answered = new EnumMap<>(Kind.class);
  private final Map<Event, LongAdder> events = new EnumMap<>(Event.class);
  private final AtomicLong answers = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();
  private final Queue<String> messages = new ConcurrentLinkedQueue<>();

  /** What is counted beside right answers. */
  enum Event {
    BATCHES("batches sent"),
    LOGINS("logins"),
    CANCELS("cancel requests"),
    CANCELLED("queries that ended with 57014 by them"),
    RESETS("connections broken by RST"),
    CLOSES("connections broken by FIN"),
    TERMINATES("sessions ended by Terminate amid answers"),
    HALF_FRAMES("of these, amid a frame that was sent in part"),
    HALF_LOGINS("logins broken off amid the first packet"),
    SLOW_READS("pauses of slow readers");

    private final String label;

    Event(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }
  }

  Tally() {
    for (Kind kind : Kind.values()) {
      answered.put(kind, new LongAdder());
    }
    for (Event event : Event.values()) {
      events.put(event, new LongAdder());
    }
  }

  /** A right answer. */
  void answered(Kind kind) {
    adder(answered, kind).increment();
    answers.incrementAndGet();
  }

  void cancelled() {
    count(Event.CANCELLED);
  }

  void count(Event event) {
    adder(events, event).increment();
  }

  /** A wrong answer, or an error that no chaos explains. */
  void failed(String message) {
    if (failures.incrementAndGet() <= MOST_MESSAGES) {
      messages.add(message);
    }
  }

  long answers() {
    return answers.get();
  }

  long answers(Kind kind) {
    return adder(answered, kind).sum();
  }

  long events(Event event) {
    return adder(events, event).sum();
  }

  long failures() {
    return failures.get();
  }

  /** Of the first failures. */
  Queue<String> messages() {
    return messages;
  }

  private static <K extends Enum<K>> LongAdder adder(Map<K, LongAdder> from, K key) {
    LongAdder found = from.get(key);
    if (found == null) {
      throw new IllegalStateException("not counted: " + key);
    }
    return found;
  }
}
