package dev.crossfade.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that makes one call. */
@Command(mixinStandardHelpOptions = true, sortOptions = false, footerHeading = "%nExample:%n")
abstract class CtlCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

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
    return main().call(spec, this::on);
  }
}
