package dev.crossfade.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that makes one call. */
@Command(mixinStandardHelpOptions = true, sortOptions = false, footerHeading = "%nExample:%n")
abstract class CtlCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  /**
   * What comes before the control plane is called.
   *
   * @param err for what is wrong, by lines
   * @return the exit code with which it ends here; 0 to go on
   */
  int before(Output output, PrintWriter err) throws UsageException {
    return 0;
  }

  /** Makes the call and prints what came of it. */
  abstract void on(Connection connection) throws UsageException;

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
      int ended = before(main().output(spec), err);
      return ended == 0 ? main().call(spec, this::on) : ended;
    } catch (UsageException e) {
      err.println("ctl: " + e.getMessage());
      return CtlMain.EXIT_USAGE;
    }
  }
}
