package dev.crossfade.server;

import dev.crossfade.engine.access.Identity;
import dev.crossfade.engine.access.Role;
import dev.crossfade.engine.access.TokenSecret;
import dev.crossfade.server.embedded.EmbeddedPostgres;
import dev.crossfade.server.embedded.EmbeddedPostgresException;
import dev.crossfade.server.store.Database;
import dev.crossfade.server.store.StoreException;
import dev.crossfade.server.store.TokenStore;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code crossfade control-plane token}: a token from whoever can write to the store, and so could
 * do everything anyway. It is how the first admin of a control plane comes about that is not on
 * loopback, and how one comes back who has lost all tokens. A file of a first token to be read at
 * the start was the other way; it would stay where it lies, as a secret that nobody ends.
 */
@Command(
    name = "token",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Makes a token in the control plane's store, without asking the control plane, and prints"
          + " it.",
      "With --data-dir the control plane must not be running; with --jdbc-url it may."
    },
    footerHeading = "%nExample:%n",
    footer = "  crossfade control-plane token --name ada --role admin > ada.token")
final class TokenCommand implements Callable<Integer> {
  private static final int EXIT_CANNOT = 2;

  private final Map<String, String> environment;

  @Spec private @Nullable CommandSpec spec;

  @Mixin private StorageOptions storage = new StorageOptions();

  @Option(
      names = "--name",
      paramLabel = "NAME",
      required = true,
      description = "Whom it stands for: the actor of the changes that are made with it.")
  private String name = "";

  @Option(
      names = "--role",
      paramLabel = "ROLE",
      defaultValue = "admin",
      description = "viewer, operator, admin or sidecar. Default: ${DEFAULT-VALUE}")
  private String role = "admin";

  @Option(
      names = "--days",
      paramLabel = "DAYS",
      defaultValue = "90",
      description = "How long it counts, 1 to 1830. Default: ${DEFAULT-VALUE}")
  private int days = 90;

  TokenCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    if (spec == null) {
      throw new IllegalStateException("picocli sets it before the call");
    }
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    try {
      TokenSecret secret = make();
      out.println(secret.reveal());
      out.flush();
      err.println("It is shown this once only: keep it where only " + name + " can read it.");
      return 0;
    } catch (StartException e) {
      err.println("control-plane: " + e.getMessage());
      return EXIT_CANNOT;
    }
  }

  private TokenSecret make() throws StartException {
    TokenSecret secret = TokenSecret.make(new SecureRandom());
    TokenStore.Order order =
        new TokenStore.Order(secret.hash(), identity(), "control-plane", validFor());
    try {
      switch (storage.storage(environment)) {
        case ControlPlaneSettings.Storage.External external -> put(external.login(), order);
        case ControlPlaneSettings.Storage.Embedded embedded -> {
          try (EmbeddedPostgres server = EmbeddedPostgres.start(embedded.dataDirectory())) {
            EmbeddedPostgres.ConnectionFacts facts = server.facts();
            put(new Database.Login(facts.jdbcUrl(), facts.user(), facts.password()), order);
          }
        }
      }
      return secret;
    } catch (EmbeddedPostgresException | Database.UnusableException | StoreException e) {
      throw new StartException(String.valueOf(e.getMessage()), e);
    }
  }

  private static void put(Database.Login login, TokenStore.Order order)
      throws Database.UnusableException, StoreException, StartException {
    try (Database database = Database.open(login)) {
      switch (new TokenStore(database.pool()).create(order, false)) {
        case TokenStore.Made.New made -> {}
        case TokenStore.Made.Full full ->
            throw new StartException("there are " + full.most() + " tokens already");
        case TokenStore.Made.NoAdmin none ->
            throw new StartException("the first token is to be an admin's: --role admin");
      }
    }
  }

  private Identity identity() throws StartException {
    try {
      return new Identity(name, Role.valueOf(role.toUpperCase(Locale.ROOT)), "");
    } catch (IllegalArgumentException e) {
      boolean unknown = String.valueOf(e.getMessage()).startsWith("No enum");
      throw new StartException(
          unknown
              ? "--role " + role + " is none of viewer, operator, admin, sidecar"
              : "--" + e.getMessage());
    }
  }

  private Duration validFor() throws StartException {
    if (days < 1 || days > 1830) {
      throw new StartException("--days is 1 to 1830, not " + days);
    }
    return Duration.ofDays(days);
  }
}
