package dev.crossfade.bench.load;

import dev.crossfade.bench.data.DataSet;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * What clients read: from mapped tables only, with one answer as long as those tables do not
 * change.
 */
public enum ReadQuery {
  /** A customer by key. */
  CUSTOMER(
      8, "SELECT id, full_name, email, balance_cents, created_at FROM customers WHERE id = ?") {
    @Override
    List<Object> parameters(SplittableRandom random, DataSet data) {
      return List.of(customer(random, data));
    }
  },
  /** An order by key, every column as the table has them. */
  ORDER(5, "SELECT * FROM orders WHERE id = ?") {
    @Override
    List<Object> parameters(SplittableRandom random, DataSet data) {
      return List.of(1L + random.nextLong(data.orders()));
    }
  },
  /** Customers by an address, which several may have, some odd ones hundreds. */
  EMAIL(
      3, "SELECT id, full_name AS name FROM customers WHERE email = ? ORDER BY id DESC LIMIT 20") {
    @Override
    List<Object> parameters(SplittableRandom random, DataSet data) {
      return List.of(
          Objects.requireNonNullElse(
              data.customer(customer(random, data)).email(), "nobody@example.org"));
    }
  },
  /** A customer with all orders: a join of two mapped tables. */
  WITH_ORDERS(
      4,
      """
      SELECT c.full_name, c.email, o.id AS order_id, o.status, o.total_cents, o.placed_at
      FROM customers c LEFT JOIN orders o ON o.customer_id = c.id
      WHERE c.id = ? ORDER BY o.id
      """) {
    @Override
    List<Object> parameters(SplittableRandom random, DataSet data) {
      return List.of(customer(random, data));
    }
  },
  /** What a customer spent. */
  SPENT(
      3,
      "SELECT count(*), coalesce(sum(total_cents), 0) AS cents, max(placed_at) AS latest FROM"
          + " orders WHERE customer_id = ?") {
    @Override
    List<Object> parameters(SplittableRandom random, DataSet data) {
      return List.of(customer(random, data));
    }
  },
  /** Orders by status over a range of keys. */
  BY_STATUS(
      1,
      """
      SELECT status, count(*) AS orders, sum(total_cents) AS cents, min(placed_at) AS first, avg(total_cents) AS mean
      FROM orders WHERE id BETWEEN ? AND ? GROUP BY status ORDER BY status
      """) {
    @Override
    List<Object> parameters(SplittableRandom random, DataSet data) {
      return range(random, data.orders(), 300);
    }
  },
  /** A page of a list: many rows, wide ones among them. */
  PAGE(
      1,
      """
      SELECT id, upper(full_name) AS name, balance_cents / 100 AS whole, email IS NULL AS silent, created_at
      FROM customers WHERE id >= ? AND id < ? ORDER BY id
      """) {
    @Override
    List<Object> parameters(SplittableRandom random, DataSet data) {
      return range(random, data.customers(), 60);
    }
  },
  /** The best customers of a range: join, aggregate, window and order at once. */
  BEST(
      1,
      """
      WITH spent AS (
        SELECT c.id, c.full_name, sum(o.total_cents) AS cents
        FROM customers AS c JOIN orders AS o ON o.customer_id = c.id
        WHERE c.id BETWEEN ? AND ? GROUP BY c.id, c.full_name)
      SELECT full_name, cents, rank() OVER (ORDER BY cents DESC) AS place FROM spent ORDER BY cents DESC, id LIMIT 10
      """) {
    @Override
    List<Object> parameters(SplittableRandom random, DataSet data) {
      return range(random, data.customers(), 100);
    }
  };

  private final int weight;
  private final String sql;

  ReadQuery(int weight, String sql) {
    this.weight = weight;
    this.sql = sql.strip();
  }

  /** How often it is asked, in proportion to the others. */
  public int weight() {
    return weight;
  }

  /** With {@code ?} for parameters, as JDBC wants it. */
  public String sql() {
    return sql;
  }

  /** Values for one question of this kind. */
  abstract List<Object> parameters(SplittableRandom random, DataSet data);

  private static long customer(SplittableRandom random, DataSet data) {
    return 1L + random.nextLong(data.customers());
  }

  private static List<Object> range(SplittableRandom random, int last, int length) {
    long from = 1L + random.nextLong(last);
    return List.of(from, from + length);
  }
}
