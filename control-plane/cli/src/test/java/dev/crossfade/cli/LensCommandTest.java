package dev.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.JsonFormat;
import dev.crossfade.api.v1.LensExplanation;
import dev.crossfade.api.v1.LensProblems;
import dev.crossfade.cli.LiveControlPlane.Outcome;
import dev.crossfade.sql.lens.MigrationSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No control plane runs here: the address leads nowhere. */
class LensCommandTest {
  private static final String MIXED =
      """
      apiVersion: crossfade.dev/v1
      kind: Migration
      metadata: {name: shop}
      spec:
        engine: postgresql
        entity: {key: [id bigint]}
        old:
          customers:
            entity: [id]
            down: |
              SELECT p.id, p.name AS full_name
              FROM people p
        new:
          people:
            entity: [id]
            up: SELECT id, full_name AS name FROM customers WHERE id > 0
        tables:
          - old: accounts
            new: bank.account
            columns:
              aid: {rename: account_id, cast: bigint}
              filler: {drop: true, lossy: true, default: "''"}
              region: {add: true, default: "'eu'"}
      """;

  @TempDir Path folder;

  @Test
  void explainsEveryTableOfAFile() throws IOException {
    Outcome outcome = ctl("lens", "explain", file("m.yaml", MIXED));
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out())
        .isEqualTo(
            """
            migration  shop
            entity     id bigint

            old table  public.customers
            key        id
            reads      public.people
            down
              SELECT p.id, p.name AS full_name
              FROM "public"."people" p

            old table  public.accounts
            key        its primary key
            reads      bank.account
            lossy      filler
            down, without the columns that stay as they are
              SELECT "account"."account_id" AS "aid",
                     ('') AS "filler" /* and every other column, as it is */
              FROM "bank"."account" AS "account"

            new table  public.people
            key        id
            reads      public.customers
            up
              SELECT id,
                     full_name AS name
              FROM "public"."customers"
              WHERE id > 0

            new table  bank.account
            key        its primary key
            reads      public.accounts
            up, without the columns that stay as they are
              SELECT CAST("accounts"."aid" AS bigint) AS "account_id",
                     ('eu') AS "region" /* and every other column, as it is */
              FROM "public"."accounts" AS "accounts"
            """
                .stripTrailing());
  }

  @Test
  void explainsOneTable() throws IOException {
    String file = file("m.yaml", MIXED);
    assertThat(ctl("lens", "explain", file, "--table", "people").out())
        .contains("new table  public.people")
        .doesNotContain("old table", "account");
    assertThat(ctl("lens", "explain", file, "--table", "bank.account").out())
        .contains("new table  bank.account")
        .doesNotContain("old table");
    Outcome none = ctl("lens", "explain", file, "--table", "account");
    assertThat(none.exitCode()).isEqualTo(2);
    assertThat(none.err())
        .isEqualTo(
            "ctl: "
                + file
                + " maps no table account; it maps public.customers, public.accounts,"
                + " public.people, bank.account");
  }

  @Test
  void jsonIsAMessageOfTheApi() throws IOException {
    LensExplanation.Builder lens = LensExplanation.newBuilder();
    JsonFormat.parser()
        .merge(ctl("lens", "explain", file("m.yaml", MIXED), "-o", "json").out(), lens);
    assertThat(lens.getMigration()).isEqualTo("shop");
    assertThat(lens.getEntityKey(0).getType()).isEqualTo("bigint");
    assertThat(lens.getDown(0).getComplete()).isTrue();
    assertThat(lens.getDown(0).getColumnsList()).containsExactly("id", "full_name");
    assertThat(lens.getDown(1).getComplete()).isFalse();
    assertThat(lens.getDown(1).getLossyList()).containsExactly("filler");
    assertThat(lens.getUp(0).getSql())
        .isEqualTo(
            "SELECT id,\n       full_name AS name\nFROM \"public\".\"customers\"\nWHERE id > 0");
    LensProblems.Builder problems = LensProblems.newBuilder();
    String broken = file("broken.yaml", MIXED.replace("engine:", "engin:"));
    JsonFormat.parser().merge(ctl("lens", "lint", broken, "-o", "json").out(), problems);
    assertThat(problems.getProblems(0).getLine()).isEqualTo(5);
    assertThat(problems.getProblems(0).getPath()).isEqualTo("spec.engin");
  }

  @Test
  void whatIsWrongIsToldWithItsPlace() throws IOException {
    String file =
        file(
            "broken.yaml",
            MIXED
                .replace("p.name AS full_name", "now() AS full_name, p.*")
                .replace("default: \"'eu'\"", "default: random()")
                .replace("cast: bigint", "cast: big int)"));
    String expected =
        "FILE:11:22: spec.old.customers.down: function now is not built in and steady; use one that"
            + " is\n"
            + "FILE:11:42: spec.old.customers.down: * may mean other columns tomorrow; name the"
            + " columns\n"
            + "FILE:21:41: spec.tables[0].columns.aid.cast: \"big int)\" is not one SQL value or"
            + " type; write it as in a SELECT";
    Outcome explain = ctl("lens", "explain", file);
    assertThat(explain).isEqualTo(new Outcome(2, "", expected.replace("FILE", file)));
    Outcome lint = ctl("lens", "lint", file);
    assertThat(lint).isEqualTo(new Outcome(2, expected.replace("FILE", file), ""));
    String random = file("random.yaml", MIXED.replace("default: \"'eu'\"", "default: random()"));
    assertThat(ctl("lens", "lint", random).out())
        .isEqualTo(
            random
                + ":23:38: spec.tables[0].columns.region.default: function random is not built in"
                + " and steady; use one that is");
  }

  @Test
  void lintReadsTheRolloutAndTheFlagAsApplyDoes() throws IOException {
    String rollout =
        file(
            "rollout.yaml",
            MIXED
                + """
                  capture: statements
                  rollout:
                    steps:
                      - {stage: DUAL_WRITE, job: bakfill}
                      - {stage: LIVE}
                """);
    assertThat(ctl("lens", "lint", rollout).out().lines())
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .startsWith(rollout + ":27:29: spec.rollout.steps[0].job: \"bakfill\""),
            line ->
                assertThat(line)
                    .startsWith(rollout + ":28:10: spec.rollout.steps[1].stage: LIVE cannot be"));
    String sound = MIXED + "  rollout: {steps: [{stage: SHADOW}]}\n";
    assertThat(ctl("lens", "lint", file("sound.yaml", sound))).isEqualTo(new Outcome(0, "", ""));
    String both = file("both.yaml", sound + "  flag: {unleash: reads, colour: red}\n");
    Outcome outcome = ctl("lens", "lint", both);
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.out())
        .contains(
            ":25:3: spec.flag: flag and rollout both decide", "spec.flag.colour: unknown key");
  }

  @Test
  void lintLooksAtAllFiles() throws IOException {
    String sound = file("sound.yaml", MIXED);
    assertThat(ctl("lens", "lint", sound, sound)).isEqualTo(new Outcome(0, "", ""));
    String first = file("first.yaml", "kind: [");
    String second = file("second.yaml", "# nothing");
    Outcome outcome = ctl("lens", "lint", first, sound, "no-such.yaml", second);
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err()).isEqualTo("ctl: there is no file no-such.yaml");
    assertThat(outcome.out().lines())
        .satisfiesExactly(
            line -> assertThat(line).startsWith(first + ":1:"),
            line ->
                assertThat(line)
                    .isEqualTo(
                        second
                            + ":1:1: the file is empty; at least its required keys must be there"));
    assertThat(ctl("lens", "lint", "no-such.yaml").exitCode()).isEqualTo(2);
    assertThat(ctl("lens", "lint").exitCode()).isEqualTo(2);
  }

  @Test
  void printsTheSchema() {
    assertThat(ctl("lens", "schema"))
        .isEqualTo(new Outcome(0, MigrationSchema.json().stripTrailing(), ""));
  }

  private String file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  private static Outcome ctl(String... arguments) {
    return LiveControlPlane.ctl(Map.of("CROSSFADE_CONTROL_PLANE", "nowhere"), arguments);
  }
}
