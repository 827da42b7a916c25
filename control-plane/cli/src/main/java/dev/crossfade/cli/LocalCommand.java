package dev.crossfade.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that needs no control plane. */
@Command(mixinStandardHelpOptions = true, sortOptions = false, footerHeading = "%nExample:%n")
abstract class LocalCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  /**
   * Prints the result.
   *
   * @param err for what is wrong, by lines
   * @return the exit code
   */
  abstract int run(Output output, PrintWriter err) throws UsageException;

  final CtlMain main() {
    return CtlMain.of(spec);
  }

  @Override
  public final Integer call() {
    if (spec == null) {
      throw new IllegalStateException("picocli sets it before the call");
    }
    PrintWriter err = spec.commandLine().getErr();
    try {
      return run(main().output(spec), err);
    } catch (UsageException e) {
      err.println("ctl: " + e.getMessage());
      return CtlMain.EXIT_USAGE;
    }
  }
}
