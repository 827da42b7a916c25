package dev.crossfade.cli;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.crossfade.api.v1.BenchmarkVerdict;
import dev.crossfade.api.v1.SubmitEvidenceRequest;
import dev.crossfade.api.v1.SubmitEvidenceResponse;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code ctl evidence submit FILE}. */
@Command(
    name = "submit",
    description = "Submits the verdict that 'crossfade bench rollout' has written.",
    footer = "  crossfade ctl evidence submit verdict.json --reason \"before the first percent\"")
final class EvidenceSubmitCommand extends CtlCommand {
  @Parameters(
      index = "0",
      paramLabel = "FILE",
      description = "The verdict in JSON; - is standard input.")
  private String file = "";

  @Mixin private ChangeOptions change = new ChangeOptions();

  private BenchmarkVerdict verdict = BenchmarkVerdict.getDefaultInstance();

  @Override
  int before(Output output, PrintWriter err) throws UsageException {
    FileText text = FileText.read(file);
    BenchmarkVerdict.Builder read = BenchmarkVerdict.newBuilder();
    try {
      JsonFormat.parser().merge(text.yaml(), read);
    } catch (InvalidProtocolBufferException e) {
      throw new UsageException(
          text.source()
              + " is no verdict of 'crossfade bench rollout': "
              + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }
    verdict = read.build();
    return 0;
  }

  @Override
  void on(Connection connection) {
    SubmitEvidenceResponse response =
        connection
            .evidence()
            .submitEvidence(
                SubmitEvidenceRequest.newBuilder()
                    .setVerdict(verdict)
                    .setNote(change.note(main()))
                    .build());
    if (connection.isJson()) {
      connection.printJson(response);
    } else {
      connection.print(response.getMessage());
    }
  }
}
