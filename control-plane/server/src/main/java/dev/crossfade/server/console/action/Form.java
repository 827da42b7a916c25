package dev.crossfade.server.console.action;

import com.google.protobuf.Duration;
import dev.crossfade.api.v1.ChangeNote;
import dev.crossfade.server.console.calls.Identity;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What was entered. Its methods refuse, with a sentence, what no service could read. */
public record Form(Map<String, String> values) {
  /** As the services have it. */
  public static final int REASON_MAX_CHARS = 1_024;

  /** The same of files. Browsers count characters, services bytes: these say the last word. */
  public static final int FILE_MAX_CHARS = 256 << 10;

  private static final int WHOLE = 100_000;

  /** Nothing. */
  public static final Form EMPTY = new Form(Map.of());

  public Form {
    values = Map.copyOf(values);
  }

  /** Something that cannot be meant. */
  public static final class InvalidException extends Exception {
    private static final long serialVersionUID = 1;

    public InvalidException(String message) {
      super(message);
    }
  }

  public Optional<String> text(String name) {
    return Optional.ofNullable(values.get(name)).map(String::trim).filter(text -> !text.isEmpty());
  }

  /** The text of a file, with its own line ends: browsers send others. */
  String file(String name) {
    return values.getOrDefault(name, "").replace("\r\n", "\n");
  }

  /** A whole number. */
  int number(String name, int least, int most) throws InvalidException {
    String text = text(name).orElse("");
    if (text.matches("[0-9]{1,9}")) {
      int number = Integer.parseInt(text);
      if (number >= least && number <= most) {
        return number;
      }
    }
    throw new InvalidException(
        name + " is '" + text + "': write a whole number from " + least + " to " + most);
  }

  /** The one of several that is called so. */
  static <T> T chosen(String name, String text, List<T> options, Function<T, String> word)
      throws InvalidException {
    return options.stream()
        .filter(option -> word.apply(option).equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidException(
                    name
                        + " is '"
                        + text
                        + "': choose one of "
                        + options.stream().map(word).collect(Collectors.joining(", "))));
  }

  boolean isChecked(String name) {
    return values.containsKey(name);
  }

  /** Who and why; a reason is wanted from people who change something by hand. */
  ChangeNote note(Identity identity) throws InvalidException {
    String reason =
        text("reason")
            .orElseThrow(
                () ->
                    new InvalidException(
                        "the reason is missing: say why, for those who ask later"));
    if (reason.length() > REASON_MAX_CHARS) {
      throw new InvalidException(
          "the reason has "
              + reason.length()
              + " characters; at most "
              + REASON_MAX_CHARS
              + " are allowed");
    }
    return ChangeNote.newBuilder().setActor(identity.actor()).setReason(reason).build();
  }

  /** The version that was looked at when the form was made. */
  OptionalLong version() throws InvalidException {
    Optional<String> text = text("version");
    if (text.isEmpty()) {
      return OptionalLong.empty();
    }
    if (!text.get().matches("[0-9]{1,18}")) {
      throw new InvalidException("'" + text.get() + "' is no version: open the page again");
    }
    return OptionalLong.of(Long.parseLong(text.get()));
  }

  /** For how long writers may wait; absent when nothing was entered. */
  Optional<Duration> maxPause() throws InvalidException {
    Optional<String> text = text("maxPause");
    if (text.isPresent() && !text.get().matches("[0-9]{1,6}")) {
      throw new InvalidException(
          "'" + text.get() + "' is no number of milliseconds: write 10 to 60000");
    }
    return text.map(
        digits -> {
          int millis = Integer.parseInt(digits);
          return Duration.newBuilder()
              .setSeconds(millis / 1_000)
              .setNanos(millis % 1_000 * 1_000_000)
              .build();
        });
  }

  /** A share in buckets of 100,000, as {@code 25}, {@code 0.5} or {@code 25%}. */
  int buckets() throws InvalidException {
    String text = text("percent").orElse("");
    String number = text.replaceFirst("\\s*%$", "").replace(',', '.');
    if (number.matches("[0-9]{1,3}(\\.[0-9]{1,3})?")) {
      int buckets = new BigDecimal(number).movePointRight(3).intValueExact();
      if (buckets <= WHOLE) {
        return buckets;
      }
    }
    throw new InvalidException(
        "'"
            + text
            + "' is no percentage: write a number from 0 to 100 with at most three decimals, such"
            + " as 25");
  }
}
