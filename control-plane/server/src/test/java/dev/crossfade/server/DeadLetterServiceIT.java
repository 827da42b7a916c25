package dev.crossfade.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.api.v1.AuditRecord;
import dev.crossfade.api.v1.AuditServiceGrpc;
import dev.crossfade.api.v1.ChangeNote;
import dev.crossfade.api.v1.DeadLetter;
import dev.crossfade.api.v1.DeadLetterServiceGrpc;
import dev.crossfade.api.v1.DeadLetterServiceGrpc.DeadLetterServiceBlockingStub;
import dev.crossfade.api.v1.DecideDeadLettersRequest;
import dev.crossfade.api.v1.ListAuditRequest;
import dev.crossfade.api.v1.ListDeadLettersRequest;
import dev.crossfade.api.v1.ListDeadLettersResponse;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What the mirror has given up, by gRPC and in the console, on real databases. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeadLetterServiceIT {
  private static final String PAGE = "/migrations/notes/dead-letters";

  /** As the mirror leaves it behind when it has tried often enough. */
  private static final String BURIED =
      "INSERT INTO crossfade.dead_letter (entity_group, key, sqlstate, error, attempts) SELECT"
          + " number, ARRAY[i::text], '23514', E'ERROR: row <b>\"secret\"</b> violates a check\\n "
          + " Detail: Failing row contains (secret).', 8 FROM crossfade.entity_group,"
          + " generate_series(1, %d) i WHERE migration = 'notes' AND name <> 'crossfade.canary'";

  private JobDatabases databases;
  private ConsoleScene scene;

  @BeforeAll
  void start() throws Exception {
    databases = JobDatabases.create(3);
    scene = ConsoleScene.start(TestDatabases.create(), databases.databasesFile());
    scene.apply(JobDatabases.YAML, "notes.yaml");
  }

  @AfterAll
  void stop() {
    scene.close();
  }

  private DeadLetterServiceBlockingStub letters() {
    return DeadLetterServiceGrpc.newBlockingStub(scene.channel())
        .withDeadlineAfter(60, TimeUnit.SECONDS);
  }

  private ListDeadLettersResponse list(int limit) {
    return letters()
        .listDeadLetters(
            ListDeadLettersRequest.newBuilder().setMigration("notes").setLimit(limit).build());
  }

  private static DecideDeadLettersRequest decision(String reason) {
    return DecideDeadLettersRequest.newBuilder()
        .setMigration("notes")
        .setNote(ChangeNote.newBuilder().setActor("ada").setReason(reason))
        .build();
  }

  private long count(String table) throws Exception {
    return databases.count(databases.old(), "SELECT count(*) FROM crossfade." + table);
  }

  private List<AuditRecord> audit(String action) {
    return AuditServiceGrpc.newBlockingStub(scene.channel())
        .withDeadlineAfter(30, TimeUnit.SECONDS)
        .listAudit(ListAuditRequest.newBuilder().setMigration("notes").build())
        .getRecordsList()
        .stream()
        .filter(record -> record.getAction().equals(action))
        .toList();
  }

  @Test
  void theyAreListedReplayedAndDiscarded() throws Exception {
    assertThat(list(0).getDeadLettersList()).isEmpty();
    assertThat(letters().replayDeadLetters(decision("nothing there")).getMessage())
        .isEqualTo("nothing was given up");
    assertThat(audit("dead-letters.replay")).isEmpty();
    databases.onOld(BURIED.formatted(3));
    ListDeadLettersResponse found = list(2);
    assertThat(found.getMore()).isTrue();
    DeadLetter first = found.getDeadLetters(0);
    assertThat(first.getTable()).endsWith("notes");
    assertThat(first.getKeyList()).containsExactly("1");
    assertThat(first.getSqlstate()).isEqualTo("23514");
    assertThat(first.getAttempts()).isEqualTo(8);
    assertThat(first.getError()).contains("violates a check").doesNotContain("secret");
    page();
    databases.onOld("TRUNCATE crossfade.mutation");
    assertThat(letters().replayDeadLetters(decision("wider now")).getMessage())
        .isEqualTo("3 entities are tried again");
    assertThat(count("dead_letter")).isZero();
    assertThat(count("mutation")).isEqualTo(3);
    assertThat(audit("dead-letters.replay").getFirst().getActor()).isEqualTo("ada");
    assertThat(audit("dead-letters.replay").getFirst().getReason()).isEqualTo("wider now");
    databases.onOld("TRUNCATE crossfade.mutation");
    databases.onOld(BURIED.formatted(1));
    assertThat(letters().discardDeadLetters(decision("never mind")).getMessage())
        .isEqualTo("1 entity is forgotten");
    assertThat(count("dead_letter")).isZero();
    assertThat(count("mutation")).isZero();
    assertThat(audit("dead-letters.discard")).hasSize(2);
  }

  /** The console shows the same, and decides the same. */
  private void page() throws Exception {
    assertThat(scene.page("/migrations/notes").body()).contains("href=\"" + PAGE + "\"");
    HttpResponse<String> shown = scene.page(PAGE);
    assertThat(shown.statusCode()).isEqualTo(200);
    assertThat(shown.body())
        .contains("<code>3</code>", "violates a check", "id=\"replay\"", "id=\"discard\"")
        .doesNotContain("secret");
    HttpResponse<String> form = scene.page(PAGE + "/discard");
    assertThat(form.body()).contains("They are forgotten.");
    HttpResponse<String> done =
        scene.post(
            PAGE + "/discard",
            Map.of("csrf", ConsoleScene.csrf(form), "reason", "seen in the console"));
    assertThat(done.statusCode()).isEqualTo(303);
    assertThat(scene.page(PAGE).body())
        .contains("3 entities are forgotten", "Nothing was given up.");
    assertThat(audit("dead-letters.discard").getFirst().getReason())
        .isEqualTo("seen in the console");
    databases.onOld(BURIED.formatted(3));
  }

  @Test
  void whatCannotBeAskedIsSaidSo() throws Exception {
    assertThatThrownBy(
            () ->
                letters()
                    .listDeadLetters(
                        ListDeadLettersRequest.newBuilder().setMigration("absent").build()))
        .hasMessageStartingWith("NOT_FOUND: there is no migration 'absent'");
    assertThatThrownBy(() -> list(1_001)).hasMessageContaining("limit is 1001: give 0 to 1000");
    try (ConsoleScene without = ConsoleScene.start(TestDatabases.create(), null)) {
      without.apply(JobDatabases.YAML, "notes.yaml");
      HttpResponse<String> refused = without.page(PAGE);
      assertThat(refused.statusCode()).isEqualTo(409);
      assertThat(refused.body()).contains("was not told where the databases are");
    }
  }
}
