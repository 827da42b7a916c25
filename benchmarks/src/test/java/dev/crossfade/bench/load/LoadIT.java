package dev.crossfade.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.bench.data.DataSet;
import dev.crossfade.bench.data.OldSchema;
import dev.crossfade.testkit.postgres.EmbeddedServer;
import dev.crossfade.testkit.process.Await;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LoadIT {
  private static final DataSet DATA = new DataSet(5, 2_000, 4_000);

  @SuppressWarnings("NullAway.Init")
  private static EmbeddedServer server;

  @SuppressWarnings("NullAway.Init")
  private static AnswerBook book;

  @BeforeAll
  static void start() throws SQLException {
    server = EmbeddedServer.start();
    server.createDatabase("shop");
    try (Connection connection = server.connect("shop")) {
      OldSchema.load(connection, DATA);
    }
    book = AnswerBook.ask(url("shop"), DATA, 9, 4);
    server.execute("CREATE DATABASE elsewhere TEMPLATE shop");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void theServerThatWasAskedGivesNoWrongAnswerToAnyKindOfClient() {
    try (Load load =
        Load.start(new Load.Target(url("shop"), book), ClientKind.values().length, 1)) {
      Await.until(
          "clients to read and write",
          () -> load.tally().counts().reads() > 500 && load.tally().counts().writes() > 20);
      assertThat(load.tally().messages()).isEmpty();
      assertThat(load.tally().counts().flawless()).isTrue();
      assertThat(load.tally().takeLatencies().getTotalCount()).isPositive();
    }
  }

  @Test
  void oneColumnOfAnotherTypeIsAWrongAnswer() throws SQLException {
    server.executeIn("elsewhere", "ALTER TABLE customers ALTER COLUMN email TYPE varchar(121)");
    try (Load load =
        Load.start(new Load.Target(url("elsewhere"), book), ClientKind.values().length, 2)) {
      Await.until("the difference to be noticed", () -> load.tally().counts().wrong() > 0);
      assertThat(load.tally().messages().getFirst())
          .startsWith("wrong answer: ")
          .contains("varchar(120", "varchar(121");
    }
  }

  @Test
  void aServerThatIsNotThereIsAClientError() {
    try (Load load =
        Load.start(
            new Load.Target("jdbc:postgresql://127.0.0.1:1/shop?user=postgres", book), 1, 3)) {
      Await.until("the failure to be counted", () -> load.tally().counts().errors() > 0);
      assertThat(load.tally().messages().getFirst()).startsWith("client error: ");
    }
  }

  private static String url(String database) {
    return server.jdbcUrl(database, EmbeddedServer.SUPERUSER);
  }
}
