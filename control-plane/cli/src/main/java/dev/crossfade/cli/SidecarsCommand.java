package dev.crossfade.cli;

import dev.crossfade.api.v1.ListSidecarsRequest;
import dev.crossfade.api.v1.ListSidecarsResponse;
import dev.crossfade.api.v1.Notice;
import dev.crossfade.api.v1.Sidecar;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ctl sidecars}. */
@Command(
    name = "sidecars",
    description = "Lists the sidecars and the version that each follows.",
    footer = "  crossfade ctl sidecars --service shop")
final class SidecarsCommand extends CtlCommand {
  @Option(names = "--service", paramLabel = "NAME", description = "Only those of this service.")
  private String service = "";

  @Override
  void on(Connection connection) {
    ListSidecarsResponse response =
        connection
            .sidecars()
            .listSidecars(ListSidecarsRequest.newBuilder().setService(service).build());
    if (connection.isJson()) {
      connection.printJson(response);
      return;
    }
    if (response.getSidecarsCount() == 0) {
      connection.print("no sidecars");
      return;
    }
    Table table =
        new Table(
            "SERVICE",
            "INSTANCE",
            "STATE",
            "VERSION",
            "SESSIONS",
            "ON OLD",
            "ON NEW",
            "FALLBACKS",
            "CIRCUIT",
            "SEEN");
    for (Sidecar sidecar : response.getSidecarsList()) {
      table.row(
          sidecar.getService(),
          sidecar.getInstance(),
          state(sidecar, response.getVersion()),
          String.valueOf(sidecar.getAckedVersion()),
          String.valueOf(sidecar.getSessions()),
          String.valueOf(sidecar.getRoutedOld()),
          String.valueOf(sidecar.getRoutedNew()),
          String.valueOf(sidecar.getFallbacks()),
          Show.circuit(sidecar.getCircuit()),
          Show.time(sidecar.getLastSeen()));
    }
    connection.print(table.toString());
    for (Sidecar sidecar : response.getSidecarsList()) {
      if (sidecar.getNackedVersion() > 0) {
        connection.print(
            sidecar.getService()
                + "/"
                + sidecar.getInstance()
                + " refused version "
                + sidecar.getNackedVersion()
                + ": "
                + sidecar.getNackReason());
      }
      if (sidecar.getConnected()) {
        for (Notice notice : sidecar.getNoticesList()) {
          connection.print(Show.notice(sidecar, notice));
        }
      }
    }
  }

  private static String state(Sidecar sidecar, long version) {
    if (!sidecar.getConnected()) {
      return "away";
    }
    if (sidecar.getNackedVersion() > 0) {
      return "refused " + sidecar.getNackedVersion();
    }
    return sidecar.getAckedVersion() == version ? "in force" : "behind";
  }
}
