package dev.crossfade.server.grpc;

import dev.crossfade.api.v1.DeadLetter;
import dev.crossfade.api.v1.DeadLetterServiceGrpc;
import dev.crossfade.api.v1.DecideDeadLettersRequest;
import dev.crossfade.api.v1.DecideDeadLettersResponse;
import dev.crossfade.api.v1.ListDeadLettersRequest;
import dev.crossfade.api.v1.ListDeadLettersResponse;
import dev.crossfade.engine.audit.AuditEntry;
import dev.crossfade.engine.catalog.ChangeNote;
import dev.crossfade.inspect.database.QueryException;
import dev.crossfade.mirror.DeadLetters;
import dev.crossfade.server.job.Failure;
import dev.crossfade.server.job.GivenUp;
import dev.crossfade.server.job.Jobs;
import dev.crossfade.server.store.AuditStore;
import dev.crossfade.server.store.CatalogStore;
import dev.crossfade.server.store.StoreException;
import dev.crossfade.sql.yaml.InvalidFileException;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** What the mirror has given up. */
public final class DeadLetterGrpc extends DeadLetterServiceGrpc.DeadLetterServiceImplBase {
  /** Each has connections to both databases. */
  private static final int CALLS_MAX = 4;

  private static final int LIST_MAX = 1_000;
  private static final int LIST_USUAL = 100;

  private final CatalogStore catalog;
  private final Jobs jobs;
  private final GivenUp givenUp;
  private final AuditStore audit;
  private final Calls calls = new Calls(CALLS_MAX);

  /**
   * @param jobs say whether the databases are known
   */
  public DeadLetterGrpc(CatalogStore catalog, Jobs jobs, GivenUp givenUp, AuditStore audit) {
    this.catalog = catalog;
    this.jobs = jobs;
    this.givenUp = givenUp;
    this.audit = audit;
  }

  /** What is done to a migration's dead letters. */
  private interface Work<T> {
    T with(DeadLetters letters) throws SQLException;
  }

  /** What people may decide. */
  private enum Decision {
    REPLAY("dead-letters.replay", "tried again"),
    DISCARD("dead-letters.discard", "forgotten");

    private final String action;
    private final String effect;

    Decision(String action, String effect) {
      this.action = action;
      this.effect = effect;
    }
  }

  @Override
  public void listDeadLetters(
      ListDeadLettersRequest request, StreamObserver<ListDeadLettersResponse> answer) {
    calls.answer(
        answer,
        () -> {
          String migration = Requests.name(request.getMigration());
          int limit = request.getLimit();
          if (limit < 0 || limit > LIST_MAX) {
            throw Requests.invalid("limit is " + limit + ": give 0 to " + LIST_MAX);
          }
          requireKnown(migration);
          return list(migration, limit == 0 ? LIST_USUAL : limit);
        });
  }

  private ListDeadLettersResponse list(String migration, int most) throws StatusException {
    List<DeadLetters.DeadLetter> found =
        on(migration, letters -> letters.list(most + 1)).orElse(List.of());
    ListDeadLettersResponse.Builder response =
        ListDeadLettersResponse.newBuilder().setMore(found.size() > most);
    found.stream().limit(most).forEach(letter -> response.addDeadLetters(wire(letter)));
    return response.build();
  }

  private static DeadLetter wire(DeadLetters.DeadLetter letter) {
    DeadLetter.Builder wire =
        DeadLetter.newBuilder()
            .setTable(letter.group())
            .setSqlstate(letter.sqlState())
            .setError(said(letter))
            .setAttempts(letter.attempts())
            .setAt(Wire.timestamp(letter.at()));
    if (letter.key() != null) {
      wire.addAllKey(letter.key());
    }
    return wire.build();
  }

  /** The driver puts the server's details, which have values, on lines of their own. */
  private static String said(DeadLetters.DeadLetter letter) {
    String first = letter.error().lines().findFirst().orElse("");
    return Failure.of(new SQLException(first, letter.sqlState())).message();
  }

  @Override
  public void replayDeadLetters(
      DecideDeadLettersRequest request, StreamObserver<DecideDeadLettersResponse> answer) {
    calls.answer(answer, () -> decide(request, Decision.REPLAY));
  }

  @Override
  public void discardDeadLetters(
      DecideDeadLettersRequest request, StreamObserver<DecideDeadLettersResponse> answer) {
    calls.answer(answer, () -> decide(request, Decision.DISCARD));
  }

  /** What is wanted is written down first: nothing is done that no record tells of. */
  private DecideDeadLettersResponse decide(DecideDeadLettersRequest request, Decision decision)
      throws StatusException, StoreException {
    String migration = Requests.name(request.getMigration());
    ChangeNote note = Requests.note(request.getNote());
    requireKnown(migration);
    int count =
        on(migration, letters -> letters.list(1)).orElse(List.of()).isEmpty()
            ? 0
            : decided(migration, note, decision);
    return DecideDeadLettersResponse.newBuilder()
        .setCount(count)
        .setMessage(
            count == 0
                ? "nothing was given up"
                : (count == 1 ? "1 entity is " : count + " entities are ") + decision.effect)
        .build();
  }

  private int decided(String migration, ChangeNote note, Decision decision)
      throws StatusException, StoreException {
    audit.append(
        new AuditEntry(
            decision.action,
            migration,
            AuditEntry.Author.of(note.actor(), note.reason()),
            AuditEntry.Difference.to("all that were given up are " + decision.effect)));
    return on(
            migration,
            letters ->
                switch (decision) {
                  case REPLAY -> letters.replay();
                  case DISCARD -> letters.discard();
                })
        .orElse(0);
  }

  private void requireKnown(String migration) throws StatusException, StoreException {
    if (catalog.detail(migration, 0).isEmpty()) {
      throw Status.NOT_FOUND
          .withDescription("there is no migration '" + migration + "'")
          .asException();
    }
    Optional<String> obstacle = jobs.obstacle(migration);
    if (obstacle.isPresent()) {
      throw refused(obstacle.get());
    }
  }

  /** Empty where nothing is captured, so that nothing can have been given up. */
  private <T> Optional<T> on(String migration, Work<T> work) throws StatusException {
    try {
      Optional<DeadLetters> letters = givenUp.of(migration);
      return letters.isEmpty() ? Optional.empty() : Optional.of(work.with(letters.get()));
    } catch (QueryException e) {
      throw failed(Failure.of(e));
    } catch (SQLException e) {
      throw failed(Failure.of(e));
    } catch (IOException e) {
      throw refused("the file of databases cannot be read: " + e.getMessage());
    } catch (InvalidFileException e) {
      throw refused(String.valueOf(e.getMessage()));
    }
  }

  private static StatusException failed(Failure failure) {
    String message = "a database of the migration does not do it: " + failure.message();
    return failure.isPassing()
        ? Status.UNAVAILABLE.withDescription(message).asException()
        : refused(message);
  }

  private static StatusException refused(String message) {
    return Status.FAILED_PRECONDITION.withDescription(message).asException();
  }
}
