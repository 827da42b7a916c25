package dev.crossfade.bench.load;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One client: reads, compares, sometimes writes, until it is told to stop. A failed connection is
 * counted and made anew.
 */
final class LoadClient implements Runnable {
  private static final int WRITE_ONE_IN = 10;
  private static final int READS_PER_TRANSACTION = 3;
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(100);

  private final ClientKind kind;
  private final String jdbcUrl;
  private final AnswerBook book;
  private final SplittableRandom random;
  private final Tally tally;
  private final BooleanSupplier stopped;

  LoadClient(
      ClientKind kind,
      Load.Target target,
      SplittableRandom random,
      Tally tally,
      BooleanSupplier stopped) {
    this.kind = kind;
    this.jdbcUrl = target.jdbcUrl() + '&' + kind.parameters();
    this.book = target.book();
    this.random = random;
    this.tally = tally;
    this.stopped = stopped;
  }

  @Override
  public void run() {
    while (!stopped.getAsBoolean()) {
      try (Connection connection = DriverManager.getConnection(jdbcUrl)) {
        while (!stopped.getAsBoolean()) {
          if (random.nextInt(WRITE_ONE_IN) == 0) {
            Writes.some(connection, random);
            tally.wrote();
          } else {
            reads(connection);
          }
        }
      } catch (SQLException e) {
        if (!stopped.getAsBoolean()) {
          tally.failed(kind + ": " + describe(e));
          LockSupport.parkNanos(PAUSE_AFTER_FAILURE.toNanos());
        }
      }
    }
  }

  private static @Nullable String describe(SQLException e) {
    return e.getSQLState() + ' ' + e.getMessage();
  }

  private void reads(Connection connection) throws SQLException {
    if (!kind.readsInTransactions()) {
      read(connection);
      return;
    }
    connection.setReadOnly(true);
    connection.setAutoCommit(false);
    for (int i = 0; i < READS_PER_TRANSACTION; i++) {
      read(connection);
    }
    connection.commit();
    connection.setAutoCommit(true);
    connection.setReadOnly(false);
  }

  private void read(Connection connection) throws SQLException {
    Question question = book.draw(random);
    long start = System.nanoTime();
    Answer answer;
    try (PreparedStatement statement = connection.prepareStatement(question.query().sql())) {
      question.bind(statement);
      try (ResultSet result = statement.executeQuery()) {
        answer = Answer.of(result);
      }
    }
    tally.read(System.nanoTime() - start);
    if (!book.isRight(question, answer)) {
      tally.wrong(kind + ": " + book.difference(question, answer));
    }
  }
}
