package dev.crossfade.cli;

import dev.crossfade.api.v1.Signals;
import dev.crossfade.api.v1.SignalsRequest;
import java.time.Duration;
import java.util.Iterator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ctl signals [NAME]}. */
@Command(
    name = "signals",
    description = {
      "Shows what the sidecars measure of a migration: how both sides answer, what comparisons came"
          + " to, where the mirror stands, and each statement's share in that.",
      "With --watch and -o json: one object per line."
    },
    footer = "  crossfade ctl signals split-customers --window 10m --watch")
final class SignalsCommand extends CtlCommand {
  private static final Pattern WINDOW = Pattern.compile("([0-9]{1,5})(s|m|h)");

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "NAME",
      description = "The migration; may be left out when there is only one.")
  private @Nullable String name;

  @Option(
      names = "--window",
      paramLabel = "TIME",
      description = "How far back the figures go: 1s to 24h. Default: 5m")
  private String window = "5m";

  @Option(
      names = "--queries",
      paramLabel = "N",
      description = "How many statements to show, 0 to 200. Default: 20")
  private int queries = 20;

  @Option(
      names = "--points",
      paramLabel = "N",
      description =
          "With -o json: also the window's history in so many equal steps, 0 to 600. Default: 0")
  private int points;

  @Option(names = "--watch", description = "Go on until Ctrl-C, whenever something has changed.")
  private boolean watch;

  @Override
  void on(Connection connection) throws UsageException {
    Duration length = window();
    SignalsRequest request =
        SignalsRequest.newBuilder()
            .setMigration(connection.nameOrOnly(name))
            .setWindow(com.google.protobuf.Duration.newBuilder().setSeconds(length.toSeconds()))
            .setQueries(queries)
            .setPoints(points)
            .build();
    if (!watch) {
      Signals signals = connection.signals().getSignals(request);
      if (connection.isJson()) {
        connection.printJson(signals);
      } else {
        SignalText.lines(signals).forEach(connection::print);
      }
      return;
    }
    Iterator<Signals> all = connection.endlessSignals().watchSignals(request);
    while (all.hasNext()) {
      Signals signals = all.next();
      if (connection.isJson()) {
        connection.printJsonLine(signals);
      } else {
        connection.print(SignalText.line(signals));
      }
    }
  }

  private Duration window() throws UsageException {
    Matcher matcher = WINDOW.matcher(window);
    if (!matcher.matches()) {
      throw new UsageException(
          "'" + window + "' is no time: write a number with s, m or h behind it, such as 10m");
    }
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      default -> Duration.ofHours(number);
    };
  }
}
