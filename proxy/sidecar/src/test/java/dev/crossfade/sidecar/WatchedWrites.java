package dev.crossfade.sidecar;

/** Statements that write a watched table, or look as if they did, and what is wrong with some. */
final class WatchedWrites {
  static final String[] WRITES = {
    "UPDATE customers SET balance_cents = 1 WHERE id = 7",
    "UPDATE customers SET balance_cents = 1 WHERE id BETWEEN 7 AND 9",
    "UPDATE customers SET balance_cents = 1 WHERE id = -1",
    "UPDATE customers AS c SET email = s.note FROM staging s WHERE s.id = c.id RETURNING c.id,"
        + " s.note",
    "UPDATE customers SET id = 1007 WHERE id = 7",
    "UPDATE customers SET id = id + 1000, full_name = 'x y' WHERE id = 7 OR id = 8 RETURNING id",
    "INSERT INTO customers VALUES (901, 'A B', NULL, 1, '2020-01-01 00:00:00Z')",
    "INSERT INTO customers (id, full_name, created_at) VALUES (902, 'A B', 'epoch'), (903, 'C',"
        + " 'epoch') RETURNING *",
    "INSERT INTO customers VALUES (904, 'A B', NULL, 1, 'epoch') RETURNING id, full_name || '!' AS"
        + " \"Wor\"\"d\", 1, ctid IS NOT NULL, 'x', tableoid > 0",
    "INSERT INTO customers VALUES (7, 'A B', NULL, 1, 'epoch') ON CONFLICT (id) DO UPDATE SET"
        + " full_name = excluded.full_name RETURNING id",
    "INSERT INTO customers VALUES (7, 'A B', NULL, 1, 'epoch') ON CONFLICT DO NOTHING",
    "INSERT INTO customers AS c SELECT id + 2000, note, NULL, 1, 'epoch' FROM staging ORDER BY id"
        + " RETURNING c.*",
    "DELETE FROM customers WHERE id = 7",
    "DELETE FROM customers WHERE id < 4 RETURNING id, created_at, balance_cents, id",
    "DELETE FROM customers c USING staging s WHERE c.id = s.id",
    "DELETE FROM public.customers /* all of it? */ WHERE id = 5 -- no",
    "WITH s AS (SELECT 9 AS id) UPDATE customers SET email = 'x' FROM s WHERE s.id = customers.id"
        + " RETURNING customers.id",
    "WITH w AS (INSERT INTO audit (id, note) VALUES (77, 'x') RETURNING id) DELETE FROM customers"
        + " USING w WHERE customers.id = w.id - 70",
    "UPDATE customers SET balance_cents = 1 WHERE id = 7; SELECT 1; DELETE FROM customers WHERE id"
        + " = 8 RETURNING id; INSERT INTO audit (id, note) VALUES (78, 'x')",
    "TRUNCATE customers",
    "TRUNCATE TABLE audit, customers RESTART IDENTITY",
    "EXPLAIN (COSTS OFF) UPDATE customers SET balance_cents = 1 WHERE id = 7",
    "SELECT id FROM customers WHERE id = 7 FOR UPDATE",
    "INSERT INTO audit (id, note) SELECT id, email FROM customers WHERE id = 7 RETURNING id, note",
  };

  static final String[] MISTAKES = {
    "UPDATE customers SET nope = 1 WHERE id = 7",
    "UPDATE customers SET balance_cents = 'x' WHERE id = 7",
    "UPDATE customers SET balance_cents = 1 WHERE id = 7 RETURNING nope",
    "UPDATE customers SET id = id + 1, balance_cents = 1 / 0 WHERE nope = 7",
    "INSERT INTO customers VALUES (7, 'A B', NULL, 1, 'epoch')",
    "INSERT INTO customers VALUES (907, NULL, NULL, 1, 'epoch')",
    "INSERT INTO customers VALUES (907, repeat('x', 81), NULL, 1, 'epoch') RETURNING id",
    "DELETE FROM customers WHERE id = 1 / 0",
    "DELETE FROM customers WHERE id ==== 1",
    "DELETE customers WHERE id = 1",
    "SELECT 'é', nope; DELETE FROM customers WHERE id = 1",
    "SELECT 'é'; DELETE FROM customers WHERE 'é' <> 'e' AND nope = 1",
  };

  private WatchedWrites() {}
}
