package dev.crossfade.inspect.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.core.migration.Side;
import dev.crossfade.inspect.database.Database;
import dev.crossfade.testkit.postgres.EmbeddedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResumeIT {
  @SuppressWarnings("NullAway.Init")
  private static EmbeddedServer server;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    server = EmbeddedServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** What ends a run in its middle. */
  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private static LawReport run(
      Shop shop, @Nullable Path checkpoint, String subject, LensCheck.Progress progress)
      throws Exception {
    try (Database source = shop.open(Side.OLD);
        Database target = shop.open(Side.NEW)) {
      return LensCheck.run(
          shop.lens(source, target),
          new LensCheck.Sides(source, target),
          new LensCheck.Options(100, true, Duration.ofSeconds(60), checkpoint, subject),
          progress);
    }
  }

  @Test
  void aRunThatEndsAnywhereGoesOnWhereItWas() throws Exception {
    Shop shop = shop();
    Path checkpoint = folder.resolve("check");
    LawReport whole = run(shop, null, "s", (step, rows, expected) -> {});
    int runs = 0;
    List<String> steps = new ArrayList<>();
    LawReport resumed = null;
    while (resumed == null) {
      assertThat(++runs).isLessThan(100);
      int[] chunks = {0};
      try {
        resumed =
            run(
                shop,
                checkpoint,
                "s",
                (step, rows, expected) -> {
                  steps.add(step);
                  if (++chunks[0] == 3) {
                    throw new Killed();
                  }
                });
      } catch (Killed e) {
        assertThat(checkpoint).exists();
      }
    }
    assertThat(runs).isGreaterThan(4);
    // Each chunk was looked at once: 11 of customers, 6 of orders.
    assertThat(steps.stream().filter("old public.customers"::equals)).hasSize(11);
    assertThat(resumed.tables()).isEqualTo(whole.tables());
    assertThat(resumed.findings()).isEqualTo(whole.findings()).isNotEmpty();
  }

  @Test
  void aCheckpointIsItsOwnersAndOfOneSubject() throws Exception {
    Shop shop = shop();
    Path checkpoint = folder.resolve("check");
    run(shop, checkpoint, "one", (step, rows, expected) -> {});
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(checkpoint)))
        .isEqualTo("rw-------");
    assertThatThrownBy(() -> run(shop, checkpoint, "two", (step, rows, expected) -> {}))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("belongs to a check of another file");
    Files.writeString(checkpoint, "something else\n");
    assertThatThrownBy(() -> run(shop, checkpoint, "one", (step, rows, expected) -> {}))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no checkpoint");
  }

  /** With faults in several places, and text that must survive being written to a file. */
  private static Shop shop() throws SQLException {
    Shop shop = new Shop(server);
    shop.onNew(
        "ALTER TABLE people ALTER given_name TYPE varchar(6)",
        "ALTER TABLE purchases ALTER total TYPE numeric(12, 1)",
        "CREATE UNIQUE INDEX one_state ON purchases (status)");
    shop.onOld(
        "UPDATE customers SET full_name = E'tab\\there\\nline\\\\ ' || id WHERE id % 50 = 0");
    return shop;
  }
}
