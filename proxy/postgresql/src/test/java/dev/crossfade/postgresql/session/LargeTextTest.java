package dev.crossfade.postgresql.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.core.migration.FlagsSnapshot;
import dev.crossfade.core.migration.MigrationFlags;
import dev.crossfade.core.migration.ReadShare;
import dev.crossfade.core.migration.Stage;
import dev.crossfade.core.migration.Stickiness;
import dev.crossfade.postgresql.plan.Lenses;
import dev.crossfade.postgresql.plan.PlanCache;
import dev.crossfade.postgresql.plan.PlanState;
import dev.crossfade.postgresql.plan.Routing;
import dev.crossfade.sql.parse.MappedNames;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LargeTextTest {
  private final Routing routing = new Routing();
  private final SessionSettings settings = new SessionSettings();
  private final PlanCache plans = new PlanCache((sql, types) -> new PlanState.Pending(), 1, 1);
  private final Lenses lenses =
      new Lenses(
          1,
          MappedNames.of(Set.of("customers", "Orders")),
          Map.of(
              "split", MappedNames.of(Set.of("customers")),
              "other", MappedNames.of(Set.of("Orders"))),
          plans);

  LargeTextTest() {
    routing.flags(new FlagsSnapshot(1, Map.of("split", ramp("split"), "other", ramp("other"))));
  }

  @AfterEach
  void close() {
    plans.close();
  }

  private static MigrationFlags ramp(String name) {
    return new MigrationFlags(name, Stage.RAMP, ReadShare.ALL, Stickiness.RANDOM);
  }

  @ParameterizedTest
  @CsvSource({
    "INSERT INTO customers VALUES (1), true, false, false",
    "INSERT INTO public.CUSTOMERS VALUES (1), true, false, false",
    "UPDATE \"Orders\" o, false, true, false",
    "SELECT * FROM customers WHERE note = 5, false, false, false",
    "  ( select id from customers union table Orders), false, false, false",
    "SELECT 1 FROM customers; delete from Orders, true, true, false",
    "WITH gone AS (DELETE FROM customers RETURNING *) SELECT 1, true, false, false",
    "SELECT * INTO copy FROM customers, true, false, false",
    "EXPLAIN SELECT * FROM customers, true, false, false",
    "/* SELECT */ TRUNCATE customers, true, false, false",
    "a name\\0SELECT * FROM customers, false, false, false",
    "select\\0LOCK TABLE customers, true, false, false",
    "INSERT INTO customers2 VALUES (1), false, false, false",
    "INSERT INTO my_customers VALUES (1), false, false, false",
    "SET search_path TO other, false, false, true",
    "SELECT set_config(1), false, false, true",
    "INSERT INTO audit VALUES ('offset'), false, false, false",
    "Create Temp Table audit(), false, false, true"
  })
  void everyWordCountsHoweverTheTextIsCut(
      String sql, boolean split, boolean other, boolean pinned) {
    ByteBuf bytes = Unpooled.copiedBuffer(sql.replace("\\0", "\0"), StandardCharsets.UTF_8);
    SplittableRandom random = new SplittableRandom(sql.hashCode());
    LargeText text = new LargeText(lenses, routing::wrote, settings);
    for (int at = 0; at < bytes.readableBytes(); ) {
      int count = Math.min(1 + random.nextInt(5), bytes.readableBytes() - at);
      text.feed(bytes, at, count);
      at += count;
    }
    text.end();
    assertThat(routing.unmirrored().contains("split")).isEqualTo(split);
    assertThat(routing.unmirrored().contains("other")).isEqualTo(other);
    assertThat(settings.isPinned()).isEqualTo(pinned);
  }

  @Test
  void aWordLongerThanAnyNameIsNone() {
    LargeText text = new LargeText(lenses, routing::wrote, settings);
    ByteBuf bytes = Unpooled.copiedBuffer("x".repeat(1000) + "customers", StandardCharsets.UTF_8);
    text.feed(bytes, 0, bytes.readableBytes());
    text.end();
    assertThat(routing.unmirrored()).isEmpty();
  }
}
