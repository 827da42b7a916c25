package dev.crossfade.bench.data;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.LongFunction;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** The old shape: the customers and orders that are to move, and tables that no migration knows. */
public final class OldSchema {
  private static final int CHUNK_CHARS = 64 << 10;

  private static final String[] MAPPED = {
    """
    CREATE TABLE customers (
      id bigint PRIMARY KEY,
      full_name text,
      email varchar(120),
      balance_cents bigint,
      created_at timestamptz)
    """,
    """
    CREATE TABLE orders (
      id bigint PRIMARY KEY,
      customer_id bigint NOT NULL,
      status varchar(20) NOT NULL,
      total_cents bigint NOT NULL,
      note text,
      placed_at timestamptz NOT NULL)
    """
  };

  /** As {@code pgbench -i} makes them at scale 1, and an audit table. */
  private static final String[] UNMAPPED = {
    "CREATE TABLE pgbench_branches (bid int PRIMARY KEY, bbalance int, filler char(88)) WITH"
        + " (fillfactor = 10)",
    "CREATE TABLE pgbench_tellers (tid int PRIMARY KEY, bid int, tbalance int, filler char(84))"
        + " WITH (fillfactor = 10)",
    "CREATE TABLE pgbench_accounts (aid int PRIMARY KEY, bid int, abalance int, filler char(84))"
        + " WITH (fillfactor = 90)",
    "CREATE TABLE pgbench_history (tid int, bid int, aid int, delta int, mtime timestamp, filler"
        + " char(22))",
    "CREATE TABLE audit (id bigserial PRIMARY KEY, at timestamptz NOT NULL DEFAULT now(), actor"
        + " text, what text NOT NULL)",
    "INSERT INTO pgbench_branches (bid, bbalance) VALUES (1, 0)",
    "INSERT INTO pgbench_tellers (tid, bid, tbalance) SELECT t, 1, 0 FROM generate_series(1, 10) AS"
        + " t",
    "INSERT INTO pgbench_accounts (aid, bid, abalance, filler) SELECT a, 1, 0, '' FROM"
        + " generate_series(1, 100000) AS a"
  };

  private static final String[] INDEXES = {
    "CREATE INDEX customers_email ON customers (email)",
    "CREATE INDEX orders_customer ON orders (customer_id)",
    "ANALYZE"
  };

  private OldSchema() {}

  /** Creates every table and fills it. */
  public static void load(Connection old, DataSet data) throws SQLException {
    execute(old, MAPPED);
    execute(old, UNMAPPED);
    copy(old, "COPY customers FROM STDIN", data.customers(), id -> row(data.customer(id)));
    copy(old, "COPY orders FROM STDIN", data.orders(), id -> row(data.order(id)));
    execute(old, INDEXES);
  }

  private static Object[] row(Customer customer) {
    return new Object[] {
      customer.id(),
      customer.fullName(),
      customer.email(),
      customer.balanceCents(),
      customer.createdAt()
    };
  }

  private static Object[] row(Order order) {
    return new Object[] {
      order.id(),
      order.customerId(),
      order.status(),
      order.totalCents(),
      order.note(),
      order.placedAt()
    };
  }

  private static void copy(Connection connection, String sql, int rows, LongFunction<Object[]> row)
      throws SQLException {
    CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
    CopyText text = new CopyText();
    for (long id = 1; id <= rows; id++) {
      for (Object column : row.apply(id)) {
        text.column(column);
      }
      text.endRow();
      if (text.length() > CHUNK_CHARS || id == rows) {
        byte[] bytes = text.take();
        copy.writeToCopy(bytes, 0, bytes.length);
      }
    }
    copy.endCopy();
  }

  static void execute(Connection connection, String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }
}
