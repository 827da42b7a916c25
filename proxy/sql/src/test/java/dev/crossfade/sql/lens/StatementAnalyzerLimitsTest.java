package dev.crossfade.sql.lens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.crossfade.sql.lens.StatementAnalysis.Refused;
import dev.crossfade.sql.lens.StatementAnalysis.Translatable;
import dev.crossfade.sql.parse.SqlParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

final class StatementAnalyzerLimitsTest {
  private final StatementAnalyzer analyzer = Shop.analyzer();

  @Test
  void translatesHundredParenthesesAndRefusesMore() {
    assertThat(analyze("SELECT * FROM customers WHERE " + nested(100, "id > 1")))
        .isInstanceOf(Translatable.class);
    assertThat(refusal("SELECT * FROM customers WHERE " + nested(101, "id > 1")))
        .isEqualTo(Refusal.TOO_DEEP);
    assertThat(refusal("SELECT * FROM customers WHERE " + nested(60_000, "1")))
        .isIn(Refusal.TOO_DEEP, Refusal.TOO_LARGE);
    assertThat(refusal("SELECT " + "NOT ".repeat(3_000) + "true FROM customers"))
        .isEqualTo(Refusal.TOO_DEEP);
    assertThat(refusal("SELECT " + "- ".repeat(3_000) + "id FROM customers"))
        .isEqualTo(Refusal.TOO_DEEP);
    String cases = "CASE WHEN true THEN ".repeat(500) + "1" + " END".repeat(500);
    assertThat(refusal("SELECT " + cases + " FROM customers")).isEqualTo(Refusal.TOO_DEEP);
  }

  @Test
  void endsWithAnAnswerWhereTheStackDoesNotReach() {
    int joins = 1_500;
    String chain = "customers c" + " JOIN customers".repeat(joins) + " ON true".repeat(joins);
    assertThat(refusal("SELECT 1 FROM " + chain)).isEqualTo(Refusal.TOO_DEEP);
    assertThat(analyze("SELECT id FROM customers")).isInstanceOf(Translatable.class);
  }

  @Test
  void translatesLongListsAndChains() {
    StringBuilder list = new StringBuilder("SELECT id FROM customers WHERE id IN (0");
    StringBuilder chain = new StringBuilder("SELECT id FROM customers WHERE id = 0");
    for (int i = 1; i < 1_500; i++) {
      list.append(", ").append(i);
      chain.append(" OR id = ").append(i);
    }
    assertThat(analyze(list.append(')').toString())).isInstanceOf(Translatable.class);
    assertThat(analyze(chain.toString())).isInstanceOf(Translatable.class);
  }

  @Test
  void refusesTextsThatAreTooLarge() {
    String tokens = "SELECT id FROM customers WHERE id IN (0" + ", 1".repeat(5_000) + ")";
    assertThat(refusal(tokens)).isEqualTo(Refusal.TOO_LARGE);
    String start = "SELECT id FROM customers WHERE email = '";
    String fits = start + "x".repeat(SqlParser.MAX_BYTES - start.length() - 1) + "'";
    assertThat(analyze(fits)).isInstanceOf(Translatable.class);
    assertThat(refusal(fits + " ")).isEqualTo(Refusal.TOO_LARGE);
  }

  @Test
  void answersEveryMutilatedStatement() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    DistinctStatements statements = new DistinctStatements(seed);
    for (int i = 0; i < 150; i++) {
      StringBuilder sql = new StringBuilder(statements.next());
      for (int cut = random.nextInt(4); cut >= 0; cut--) {
        int at = random.nextInt(sql.length());
        sql.replace(
            at,
            Math.min(sql.length(), at + random.nextInt(6)),
            ")('\",;$1 éX".substring(random.nextInt(10)));
      }
      assertThat(analyze(sql.toString())).as("seed " + seed + ": " + sql).isNotNull();
    }
  }

  @Test
  void answersManyThreadsAlike() throws InterruptedException, ExecutionException {
    List<String> statements = new ArrayList<>();
    DistinctStatements generator = new DistinctStatements(7);
    for (int i = 0; i < 40; i++) {
      statements.add(generator.next());
    }
    List<String> expected =
        statements.stream().map(sql -> describe(Shop.analyzer().analyze(sql))).toList();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<List<String>>> answers = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        answers.add(
            threads.submit(() -> statements.stream().map(sql -> describe(analyze(sql))).toList()));
      }
      for (Future<List<String>> answer : answers) {
        assertThat(answer.get()).isEqualTo(expected);
      }
    }
  }

  @Test
  void refusesTwoLensesForOneTable() {
    CompiledLens lens = Shop.lenses().getFirst();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new StatementAnalyzer(List.of(lens, lens), Shop.OLD))
        .withMessageContaining("public.customers");
  }

  @Test
  void namesTheMappedTablesOfEveryMigration() {
    assertThat(analyzer.mappedNames().names()).containsExactlyInAnyOrder("customers", "accounts");
    assertThat(analyzer.mappedNamesByMigration())
        .containsOnlyKeys("split-customers", "rename-accounts");
  }

  private static String describe(StatementAnalysis analysis) {
    return switch (analysis) {
      case Refused refused -> refused.toString();
      case Translatable translatable -> translatable.migrations() + " " + translatable.pin();
    };
  }

  private static String nested(int depth, String inside) {
    return "(".repeat(depth) + inside + ")".repeat(depth);
  }

  private StatementAnalysis analyze(String sql) {
    return analyzer.analyze(sql);
  }

  private Refusal refusal(String sql) {
    return analyze(sql) instanceof Refused refused ? refused.reason() : throwTranslated(sql);
  }

  private static Refusal throwTranslated(String sql) {
    throw new AssertionError("translated: " + sql.substring(0, Math.min(80, sql.length())));
  }
}
