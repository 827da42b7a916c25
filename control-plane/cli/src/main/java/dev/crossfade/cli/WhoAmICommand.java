package dev.crossfade.cli;

import dev.crossfade.api.v1.WhoAmIRequest;
import dev.crossfade.api.v1.WhoAmIResponse;
import picocli.CommandLine.Command;

/** {@code ctl whoami}. */
@Command(
    name = "whoami",
    description = "Shows who you are to the control plane, and what you may do.",
    footer = "  crossfade ctl whoami")
final class WhoAmICommand extends CtlCommand {
  @Override
  void on(Connection connection) {
    WhoAmIResponse me = connection.access().whoAmI(WhoAmIRequest.getDefaultInstance());
    if (connection.isJson()) {
      connection.printJson(me);
      return;
    }
    connection.print(
        switch (me.getProof()) {
          case PROOF_NONE ->
              "nobody has to say who it is here: whoever is on this machine may do everything,"
                  + " under the name that --actor says. 'ctl token create' ends that";
          case PROOF_TOKEN -> named(me) + ", by a token that expires at " + until(me);
          case PROOF_CERTIFICATE -> named(me) + ", by a certificate that expires at " + until(me);
          case PROOF_UNSPECIFIED, UNRECOGNIZED -> named(me);
        });
  }

  private static String named(WhoAmIResponse me) {
    return me.getName()
        + " ("
        + Show.role(me.getRole())
        + (me.getService().isEmpty() ? "" : " of " + me.getService())
        + ')';
  }

  private static String until(WhoAmIResponse me) {
    return Show.time(me.getExpiresAt());
  }
}
