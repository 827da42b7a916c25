package dev.crossfade.server.store;

import dev.crossfade.engine.rollout.Plan;
import dev.crossfade.engine.rollout.Plan.Webhook;
import dev.crossfade.engine.rollout.RolloutTransition;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/**
 * Calls of webhooks that are to be made. They are written in the transaction of what they tell, so
 * none is lost and none tells what did not happen; one may be made twice, and carries its number so
 * that its receiver can tell.
 */
public final class RolloutCalls {
  private static final int AT_ONCE_MAX = 16;
  private static final String INSERT =
      "INSERT INTO crossfade_control.rollout_call (rollout, webhook, kind, body, created_at) VALUES"
          + " (?, ?, ?, ?, ?)";
  private static final String LEAVE =
      "UPDATE crossfade_control.rollout_call SET state = 'OBSOLETE' WHERE rollout = ? AND kind ="
          + " 'CONFIRM' AND state = 'OPEN'";
  private static final String DUE =
      "SELECT c.*, r.migration FROM crossfade_control.rollout_call AS c JOIN"
          + " crossfade_control.rollout AS r ON r.id = c.rollout WHERE c.state = 'OPEN' AND"
          + " c.next_at <= clock_timestamp() ORDER BY c.next_at LIMIT "
          + AT_ONCE_MAX;
  private static final String RESULT =
      "UPDATE crossfade_control.rollout_call SET attempts = attempts + 1, result = ?, state = ?,"
          + " next_at = clock_timestamp() + ? * interval '1 millisecond' WHERE id = ? AND state ="
          + " 'OPEN'";
  private static final String MISSING =
      "SELECT DISTINCT webhook FROM crossfade_control.rollout_call WHERE rollout = ? AND kind ="
          + " 'CONFIRM' AND state <> 'DONE' AND created_at >= ? ORDER BY webhook";
  private static final String LATEST =
      "SELECT c.*, '' AS migration FROM crossfade_control.rollout_call AS c WHERE rollout = ? ORDER"
          + " BY id DESC LIMIT ?";

  private final DataSource database;

  public RolloutCalls(DataSource database) {
    this.database = database;
  }

  /** One call. */
  public record Call(
      long id, String migration, String webhook, Content content, Progress progress) {}

  /**
   * What it says.
   *
   * @param body JSON
   */
  public record Content(Webhook.Kind kind, String body, Instant createdAt) {}

  /**
   * What has come of it.
   *
   * @param state OPEN, DONE, FAILED or OBSOLETE
   * @param result of the last attempt; for people
   */
  public record Progress(State state, int attempts, String result) {}

  /** Whether it is still to be made. */
  public enum State {
    OPEN,
    DONE,
    FAILED,
    OBSOLETE
  }

  static void insert(Connection connection, RolloutRow row, Plan plan, RolloutTransition transition)
      throws SQLException {
    try (PreparedStatement leave = connection.prepareStatement(LEAVE)) {
      leave.setLong(1, row.rollout().id());
      leave.executeUpdate();
    }
    for (Webhook webhook : plan.webhooks()) {
      boolean isMeant =
          switch (webhook.kind()) {
            case CONFIRM -> transition == RolloutTransition.ASK;
            case NOTIFY ->
                transition != RolloutTransition.HELD && transition != RolloutTransition.WORK_DONE;
          };
      if (isMeant) {
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
          insert.setLong(1, row.rollout().id());
          insert.setString(2, webhook.name());
          insert.setString(3, webhook.kind().name());
          insert.setString(4, body(row, plan, transition));
          insert.setObject(5, Rows.timestamp(row.rollout().status().since()));
          insert.executeUpdate();
        }
      }
    }
  }

  private static String body(RolloutRow row, Plan plan, RolloutTransition transition) {
    int step = row.rollout().step();
    boolean asks = transition == RolloutTransition.ASK;
    return "{\"migration\": "
        + quoted(row.migration())
        + ", \"rollout\": "
        + row.rollout().id()
        + ", \"event\": "
        + quoted(transition.name())
        + ", \"state\": "
        + quoted(row.rollout().state().name())
        + ", \"step\": "
        + quoted(step < plan.steps().size() ? plan.steps().get(step).name() : "")
        + (asks ? ", \"next\": " + quoted(plan.steps().get(step + 1).name()) : "")
        + ", \"reason\": "
        + quoted(row.rollout().status().reason())
        + "}";
  }

  private static String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ') {
        json.append(String.format("\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }

  /** Those whose time has come. */
  public List<Call> due() throws StoreException {
    return list(DUE, select -> {});
  }

  /** The latest ones of a rollout, newest first. */
  public List<Call> latest(long rollout, int most) throws StoreException {
    return list(
        LATEST,
        select -> {
          select.setLong(1, rollout);
          select.setInt(2, most);
        });
  }

  private List<Call> list(String sql, Binding binding) throws StoreException {
    List<Call> calls = new ArrayList<>();
    try (Connection connection = database.getConnection();
        PreparedStatement select = connection.prepareStatement(sql)) {
      binding.bind(select);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          calls.add(
              new Call(
                  row.getLong("id"),
                  row.getString("migration"),
                  row.getString("webhook"),
                  new Content(
                      Webhook.Kind.valueOf(row.getString("kind")),
                      row.getString("body"),
                      Rows.instant(row, "created_at")),
                  new Progress(
                      State.valueOf(row.getString("state")),
                      row.getInt("attempts"),
                      row.getString("result"))));
        }
      }
      return calls;
    } catch (SQLException e) {
      throw new StoreException("the calls of webhooks could not be read", e);
    }
  }

  /**
   * An attempt has ended.
   *
   * @param again after what time the next is made, if it is still open
   */
  public void result(Call call, State state, String result, Duration again) throws StoreException {
    try (Connection connection = database.getConnection();
        PreparedStatement update = connection.prepareStatement(RESULT)) {
      update.setString(1, result);
      update.setString(2, state.name());
      update.setLong(3, again.toMillis());
      update.setLong(4, call.id());
      update.executeUpdate();
    } catch (SQLException e) {
      throw new StoreException("what came of a webhook could not be written", e);
    }
  }

  /** Who has not agreed since a moment, by commas. */
  public String missing(long rollout, Instant since) throws StoreException {
    List<String> names = new ArrayList<>();
    try (Connection connection = database.getConnection();
        PreparedStatement select = connection.prepareStatement(MISSING)) {
      select.setLong(1, rollout);
      select.setObject(2, Rows.timestamp(since));
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          names.add(row.getString(1));
        }
      }
      return String.join(", ", names);
    } catch (SQLException e) {
      throw new StoreException("the calls of webhooks could not be read", e);
    }
  }

  /** Gives a statement its parameters. */
  private interface Binding {
    void bind(PreparedStatement statement) throws SQLException;
  }
}
