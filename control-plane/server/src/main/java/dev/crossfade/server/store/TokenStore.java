package dev.crossfade.server.store;

import dev.crossfade.engine.access.Identity;
import dev.crossfade.engine.access.Role;
import dev.crossfade.engine.access.Token;
import dev.crossfade.engine.audit.AuditEntry;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;

/** The tokens of all replicas. Of a token's secret only a hash ever comes here. */
public final class TokenStore {
  /** Those that ended long ago make room for new ones; that is why there can be fewer. */
  private static final int TOKENS_MAX = 10_000;

  private static final String COLUMNS =
      "id, hash, name, role, service, created_at, created_by, expires_at, revoked_at, revoked_by";
  private static final String LOCK =
      "UPDATE crossfade_control.access_version SET version = version + 1";
  private static final String FORGET =
      "DELETE FROM crossfade_control.access_token WHERE least(expires_at, revoked_at) < now() -"
          + " interval '90 days' AND (SELECT count(*) FROM crossfade_control.access_token) >= "
          + TOKENS_MAX;
  private static final String COUNT =
      "SELECT count(*) AS tokens, count(*) FILTER (WHERE role = 'ADMIN' AND revoked_at IS NULL AND"
          + " expires_at > now()) AS admins FROM crossfade_control.access_token";
  private static final String INSERT =
      "INSERT INTO crossfade_control.access_token (hash, name, role, service, created_at,"
          + " created_by, expires_at) VALUES (?, ?, ?, ?, clock_timestamp(), ?, clock_timestamp() +"
          + " ? * interval '1 millisecond') RETURNING "
          + COLUMNS;
  private static final String REVOKE =
      "UPDATE crossfade_control.access_token SET revoked_at = clock_timestamp(), revoked_by = ?"
          + " WHERE id = ? AND revoked_at IS NULL";
  private static final String FIND =
      "SELECT " + COLUMNS + " FROM crossfade_control.access_token WHERE id = ?";
  private static final String LIST =
      "SELECT " + COLUMNS + " FROM crossfade_control.access_token ORDER BY id DESC";
  private static final String VERSION = "SELECT version FROM crossfade_control.access_version";

  private final DataSource database;

  public TokenStore(DataSource database) {
    this.database = database;
  }

  /** All tokens as of a version, by the hashes of their secrets. */
  public record Tokens(long version, Map<String, Token> byHash) {
    public static final Tokens NONE = new Tokens(-1, Map.of());

    public Tokens {
      byHash = Map.copyOf(byHash);
    }
  }

  /** A token that is to be made. */
  public record Order(String hash, Identity identity, String createdBy, Duration validFor) {}

  /** What came of it. */
  public sealed interface Made {
    /**
     * @param first whether there was none before
     */
    record New(Token token, boolean first) implements Made {}

    /** There is no room for one more. */
    record Full(int most) implements Made {}

    /** Nobody could make another one after it. */
    record NoAdmin() implements Made {}
  }

  /** What came of an end. */
  public record Revoked(Token token, boolean changed) {}

  /**
   * Makes a token.
   *
   * @param otherAdmins whether somebody can be an admin without a token
   */
  public Made create(Order order, boolean otherAdmins) throws StoreException {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      AuditLog.lock(connection);
      // Whoever makes or ends tokens takes turns, so that what is counted stays true.
      run(connection, LOCK);
      run(connection, FORGET);
      try (PreparedStatement count = connection.prepareStatement(COUNT);
          ResultSet row = count.executeQuery()) {
        row.next();
        int tokens = row.getInt("tokens");
        if (tokens >= TOKENS_MAX) {
          return new Made.Full(TOKENS_MAX);
        }
        if (tokens == 0 && !otherAdmins && order.identity().role() != Role.ADMIN) {
          return new Made.NoAdmin();
        }
        Token token = insert(connection, order);
        audit(connection, "token.create", order.createdBy(), "", described(token));
        connection.commit();
        return new Made.New(token, tokens == 0);
      }
    } catch (SQLException e) {
      throw new StoreException("the token could not be written", e);
    }
  }

  private static Token insert(Connection connection, Order order) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      insert.setString(1, order.hash());
      insert.setString(2, order.identity().name());
      insert.setString(3, order.identity().role().name());
      insert.setString(4, order.identity().service());
      insert.setString(5, order.createdBy());
      insert.setLong(6, order.validFor().toMillis());
      try (ResultSet row = insert.executeQuery()) {
        row.next();
        return token(row);
      }
    }
  }

  /** Ends a token; empty when there is none of this number. */
  public Optional<Revoked> revoke(long id, String by) throws StoreException {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      AuditLog.lock(connection);
      run(connection, LOCK);
      boolean changed;
      try (PreparedStatement revoke = connection.prepareStatement(REVOKE)) {
        revoke.setString(1, by);
        revoke.setLong(2, id);
        changed = revoke.executeUpdate() == 1;
      }
      Optional<Token> token = find(connection, id);
      if (changed && token.isPresent()) {
        audit(connection, "token.revoke", by, described(token.get()), "revoked");
      }
      connection.commit();
      return token.map(found -> new Revoked(found, changed));
    } catch (SQLException e) {
      throw new StoreException("the token could not be ended", e);
    }
  }

  private static void audit(
      Connection connection, String action, String actor, String before, String after)
      throws SQLException {
    AuditLog.append(
        connection,
        new AuditEntry(
            action, "", AuditEntry.Author.of(actor, ""), AuditEntry.Difference.of(before, after)));
  }

  /** Nothing of it is secret. */
  private static String described(Token token) {
    Identity identity = token.identity();
    String service = identity.service();
    return "token "
        + token.id()
        + " of "
        + identity.name()
        + ", "
        + identity.role().name().toLowerCase(Locale.ROOT)
        + (service.isEmpty() ? "" : " of service " + service)
        + ", until "
        + token.expiresAt();
  }

  private static Optional<Token> find(Connection connection, long id) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(FIND)) {
      select.setLong(1, id);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? Optional.of(token(row)) : Optional.empty();
      }
    }
  }

  /** All of them, newest first. */
  public List<Token> list() throws StoreException {
    return new ArrayList<>(read().byHash().values())
        .stream().sorted((a, b) -> Long.compare(b.id(), a.id())).toList();
  }

  /** What has changed since; the same object when nothing has. */
  public Tokens since(Tokens known) throws StoreException {
    try (Connection connection = database.getConnection()) {
      return version(connection) == known.version() ? known : read();
    } catch (SQLException e) {
      throw new StoreException("the tokens could not be read", e);
    }
  }

  private Tokens read() throws StoreException {
    try (Connection connection = database.getConnection();
        PreparedStatement select = connection.prepareStatement(LIST)) {
      // Read first: what changes meanwhile is read once more.
      long version = version(connection);
      Map<String, Token> found = new LinkedHashMap<>();
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          found.put(row.getString("hash"), token(row));
        }
      }
      return new Tokens(version, found);
    } catch (SQLException e) {
      throw new StoreException("the tokens could not be read", e);
    }
  }

  private static long version(Connection connection) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(VERSION);
        ResultSet row = select.executeQuery()) {
      row.next();
      return row.getLong("version");
    }
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.executeUpdate();
    }
  }

  private static Token token(ResultSet row) throws SQLException {
    Instant created = Rows.instant(row, "created_at");
    return new Token(
        row.getLong("id"),
        new Identity(
            row.getString("name"), Role.valueOf(row.getString("role")), row.getString("service")),
        created,
        row.getString("created_by"),
        Rows.instant(row, "expires_at"),
        row.getString("revoked_by") == null
            ? null
            : new Token.Revocation(Rows.instant(row, "revoked_at"), row.getString("revoked_by")));
  }
}
