package dev.crossfade.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ctl evidence ...}: what benchmarks before a rollout came to. */
@Command(
    name = "evidence",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Submits and shows what 'crossfade bench rollout' came to. A rollout's guard",
      "'benchmark: {verdict: go}' looks at the latest."
    },
    subcommands = {
      EvidenceSubmitCommand.class,
      EvidenceListCommand.class,
      EvidenceShowCommand.class
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  crossfade ctl evidence submit verdict.json",
      "  crossfade ctl evidence list split-customers"
    })
final class EvidenceCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    if (spec != null) {
      throw new ParameterException(spec.commandLine(), "a command is missing");
    }
  }
}
