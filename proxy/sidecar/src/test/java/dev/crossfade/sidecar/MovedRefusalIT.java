package dev.crossfade.sidecar;

import static dev.crossfade.sidecar.MovedScene.get;
import static dev.crossfade.sidecar.MovedScene.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.crossfade.core.migration.Side;
import dev.crossfade.testkit.process.Await;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the side that has the authority now does not do for a session of the old shape. */
class MovedRefusalIT {
  private static MovedScene scene;

  @BeforeAll
  static void start() throws Exception {
    scene = new MovedScene();
  }

  @AfterAll
  static void stop() throws Exception {
    scene.close();
  }

  @AfterEach
  void back() throws Exception {
    scene.pair.flip(Side.OLD);
  }

  @Test
  void whatCannotBeTranslatedIsRefused() throws Exception {
    try (Connection connection = scene.connect("");
        Statement statement = connection.createStatement()) {
      set(connection, 11, 0);
      scene.pair.flip(Side.NEW);
      set(connection, 11, 1);
      SQLException refused =
          catchThrowableOfType(
              SQLException.class,
              () -> statement.executeQuery("SELECT ctid FROM customers WHERE id = 11"));
      assertThat(refused.getSQLState()).isEqualTo("0A000");
      refused =
          catchThrowableOfType(
              SQLException.class,
              () -> statement.executeQuery("SELECT * FROM customers c JOIN audit a USING (id)"));
      assertThat(refused.getSQLState()).isEqualTo("0A000");
      refused =
          catchThrowableOfType(
              SQLException.class, () -> statement.executeQuery("SELECT typo FROM customers"));
      assertThat(refused.getSQLState()).isEqualTo("42703");
      assertThat(get(connection, 11)).isEqualTo(1);
    }
  }

  @Test
  void aUserDoesOnNewWhatOldWouldLetItDo() throws Exception {
    scene.pair.sides.old.executeIn(
        "shop",
        "CREATE ROLE clerk LOGIN PASSWORD 'clerk secret'",
        "GRANT SELECT, UPDATE ON customers TO clerk");
    try (Connection connection = scene.connect("");
        Connection clerk = scene.connect("clerk", "clerk secret", "");
        Statement statement = clerk.createStatement()) {
      set(connection, 13, 0);
      scene.pair.flip(Side.NEW);
      set(connection, 13, 1);
      assertThat(set(clerk, 13, 2)).isEqualTo(1);
      assertThat(get(clerk, 13)).isEqualTo(2);
      statement
          .executeQuery("SELECT balance_cents FROM customers WHERE id = 13 FOR UPDATE")
          .close();
      SQLException upsert =
          catchThrowableOfType(
              SQLException.class,
              () ->
                  statement.executeUpdate(
                      "INSERT INTO customers VALUES (13, 'x y', NULL, 1, now()) ON CONFLICT (id)"
                          + " DO UPDATE SET balance_cents = 1"));
      assertThat(upsert.getSQLState()).isEqualTo("42501");
      SQLException refused =
          catchThrowableOfType(
              SQLException.class,
              () -> statement.executeUpdate("DELETE FROM customers WHERE id = 13"));
      assertThat(refused.getSQLState()).isEqualTo("42501");
      assertThat(get(connection, 13)).isEqualTo(2);
    }
  }

  @Test
  void whoSpeaksTheNewShapeIsToldToGoToNew() throws Exception {
    try (Connection connection = scene.connect("");
        Connection newShape = scene.connect("options=-c%20crossfade.shape=new");
        Statement statement = newShape.createStatement()) {
      set(connection, 14, 0);
      scene.pair.flip(Side.NEW);
      set(connection, 14, 1);
      Await.until(
          "it is refused",
          () -> {
            SQLException refused =
                catchThrowableOfType(
                    SQLException.class,
                    () -> statement.executeUpdate("UPDATE people SET balance = 3 WHERE id = 14"));
            return refused != null && refused.getSQLState().equals("0A000");
          });
      assertThat(get(connection, 14)).isEqualTo(1);
    }
  }
}
