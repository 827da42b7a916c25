\set id random(1, 10000)
\set other random(1, 10000)
SELECT email FROM customers WHERE id = :id;
SELECT full_name, email FROM customers WHERE id = :other;
UPDATE customers SET email = 'c' || id || '@example.net' WHERE id = :id;
