package dev.crossfade.cli;

import io.grpc.StatusRuntimeException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * {@code crossfade ctl}: the options that all commands share, and the mapping of failures to exit
 * codes.
 */
@Command(
    name = "ctl",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    synopsisSubcommandLabel = "COMMAND",
    description = "Shows and moves migrations through the control plane.",
    subcommands = {
      MigrationCommand.class,
      ApplyCommand.class,
      ListCommand.class,
      ShowCommand.class,
      StageCommand.class,
      ReadsCommand.class,
      ConsistencyCommand.class,
      FlagCommand.class,
      RollbackCommand.class,
      WatchCommand.class,
      SidecarsCommand.class,
      ReadinessCommand.class,
      SignalsCommand.class,
      MismatchesCommand.class,
      DeadLettersCommand.class,
      LensCommand.class,
      MirrorCommand.class,
      JobCommand.class,
      RolloutCommand.class,
      EvidenceCommand.class,
      AuditCommand.class,
      TokenCommand.class,
      WhoAmICommand.class
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  crossfade ctl apply -f split-customers.yaml",
      "  crossfade ctl stage split-customers DUAL_WRITE",
      "  crossfade ctl reads split-customers 25%% --reason \"first quarter\"",
      "  crossfade ctl rollback split-customers",
      "  crossfade ctl migration list -o json",
      "  crossfade ctl lens explain split-customers.yaml"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:the control plane refused it",
      "2:a wrong option or file",
      "3:the control plane or a database cannot be reached",
      "4:lens check, lens preflight, mirror verify or apply has found something on the databases"
    })
public final class CtlMain implements Runnable {
  static final int EXIT_REFUSED = 1;
  static final int EXIT_USAGE = 2;
  static final int EXIT_UNREACHABLE = 3;
  static final int EXIT_FINDINGS = 4;
  private static final int HELP_WIDTH = 120;
  private static final String ADDRESS_VARIABLE = "CROSSFADE_CONTROL_PLANE";
  private static final String DEFAULT_ADDRESS = "127.0.0.1:7432";

  private final Map<String, String> environment;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--control-plane",
      paramLabel = "HOST:PORT",
      scope = ScopeType.INHERIT,
      description =
          "Where the control plane is. Default: " + ADDRESS_VARIABLE + ", else " + DEFAULT_ADDRESS)
  private @Nullable String address;

  @Mixin private DialOptions dial = new DialOptions();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "table|json",
      scope = ScopeType.INHERIT,
      description = "Tables for people or JSON for scripts. Default: table")
  private Format format = Format.table;

  /** How answers are written; the names are what is typed. */
  enum Format {
    table,
    json
  }

  /** What a command does with a connection. */
  interface Call {
    void on(Connection connection) throws UsageException;
  }

  CtlMain(Map<String, String> environment) {
    this.environment = environment;
  }

  public static void main(String[] arguments) {
    // Failures are told in one line of our own; the transport's log would repeat them with stack
    // traces.
    LogManager.getLogManager().reset();
    Logger.getLogger("").setLevel(Level.OFF);
    System.exit(commandLine(System.getenv()).execute(arguments));
  }

  /** The commands as they are typed, for whoever runs them in a process of his own. */
  public static CommandLine commandLine(Map<String, String> environment) {
    return new CommandLine(new CtlMain(environment)).setUsageHelpWidth(HELP_WIDTH);
  }

  /** The root of the command that {@code spec} belongs to. */
  static CtlMain of(@Nullable CommandSpec spec) {
    if (spec != null && spec.root().userObject() instanceof CtlMain main) {
      return main;
    }
    throw new IllegalStateException("picocli gives every command its spec, and ctl is the root");
  }

  /** Without a command: the help, and the exit code of wrong usage. */
  @Override
  public void run() {
    throw new CommandLine.ParameterException(commandSpec().commandLine(), "a command is missing");
  }

  private CommandSpec commandSpec() {
    if (spec == null) {
      throw new IllegalStateException("picocli sets it before the run");
    }
    return spec;
  }

  /** Connects, calls and tells what went wrong, in one line. */
  int call(CommandSpec spec, Call call) {
    PrintWriter err = spec.commandLine().getErr();
    String target =
        address == null ? environment.getOrDefault(ADDRESS_VARIABLE, DEFAULT_ADDRESS) : address;
    try (Connection connection =
        Connection.open(
            target, output(spec), (channel, host) -> dial.apply(channel, host, environment))) {
      call.on(connection);
      return 0;
    } catch (UsageException e) {
      err.println("ctl: " + e.getMessage());
      return EXIT_USAGE;
    } catch (StatusRuntimeException e) {
      return Failures.tell(e, target, err);
    }
  }

  Output output(CommandSpec spec) {
    return new Output(spec.commandLine().getOut(), format);
  }

  Map<String, String> environment() {
    return environment;
  }

  /** Who makes the changes, unless told otherwise; empty where the control plane knows it. */
  String noteActor() {
    return dial.sayWho(environment) ? "" : actor();
  }

  /** The user of this machine. */
  String actor() {
    return environment.getOrDefault("USER", String.valueOf(System.getProperty("user.name")));
  }
}
