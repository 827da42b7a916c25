-- What the demo's service asks, as a script of pgbench.
\set customer random(1, :customers)
\set order random(1, :orders)
\set from random(1, :customers - 60)
SELECT id, full_name, email, balance_cents, created_at FROM customers WHERE id = :customer;
BEGIN READ ONLY;
SELECT * FROM orders WHERE id = :order;
SELECT count(*), coalesce(sum(total_cents), 0) AS cents FROM orders WHERE customer_id = :customer;
END;
SELECT c.full_name, o.id AS order_id, o.status, o.total_cents
FROM customers c LEFT JOIN orders o ON o.customer_id = c.id
WHERE c.id = :customer ORDER BY o.id;
SELECT id, full_name, created_at FROM customers WHERE id >= :from AND id < :from + 60 ORDER BY id;
