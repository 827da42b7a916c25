package dev.crossfade.bench.journey;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import dev.crossfade.cli.CtlMain;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

/** What a person types behind {@code crossfade ctl}, in this process. */
public final class Ctl {
  /** Who types. */
  public static final String WHO = "ada";

  private final Map<String, String> environment;

  /**
   * @param port of the control plane
   */
  public Ctl(int port) {
    environment = Map.of("CROSSFADE_CONTROL_PLANE", "127.0.0.1:" + port, "USER", WHO);
  }

  /** What a command came to. */
  public record Outcome(int exitCode, String out, String err) {}

  /** Types it, however it ends. */
  public Outcome typed(String... words) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command = CtlMain.commandLine(environment);
    command.setOut(new PrintWriter(out));
    command.setErr(new PrintWriter(err));
    int exitCode = command.execute(words);
    command.getOut().flush();
    command.getErr().flush();
    return new Outcome(exitCode, out.toString().strip(), err.toString().strip());
  }

  /** What it prints; it must succeed. */
  public String run(String... words) {
    Outcome outcome = typed(words);
    if (outcome.exitCode() != 0) {
      throw new AssertionError(
          "ctl %s ended with %d: %s %s"
              .formatted(
                  String.join(" ", words), outcome.exitCode(), outcome.out(), outcome.err()));
    }
    return outcome.out();
  }

  /** What it prints with {@code -o json}. */
  public <B extends Message.Builder> B json(B into, String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("-o", "json"));
    String text = run(all.toArray(String[]::new));
    try {
      JsonFormat.parser().merge(text, into);
      return into;
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError("not the JSON of " + into.getDescriptorForType().getName(), e);
    }
  }
}
