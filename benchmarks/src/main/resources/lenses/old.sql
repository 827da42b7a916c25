CREATE TABLE customers (
  id bigint PRIMARY KEY, full_name text, email varchar(120), phone text, balance_cents bigint, tier varchar(10),
  active boolean NOT NULL, address text, created_at timestamptz NOT NULL, birthday date, score double precision,
  tags text[], prefs jsonb);
CREATE UNIQUE INDEX customers_email ON customers (email);
CREATE TABLE orders (
  id bigint PRIMARY KEY, customer_id bigint NOT NULL REFERENCES customers, status varchar(20) NOT NULL,
  total numeric(12,2) NOT NULL, note text, placed_at timestamptz NOT NULL, ship_on date);
CREATE TABLE order_lines (
  order_id bigint REFERENCES orders, line int, sku text NOT NULL, qty int NOT NULL CHECK (qty > 0), price numeric NOT NULL,
  PRIMARY KEY (order_id, line));
CREATE TABLE accounts (
  account_no varchar(12) PRIMARY KEY, owner text NOT NULL, cents bigint NOT NULL, currency char(3) NOT NULL,
  opened date, fax text, pin text);
INSERT INTO customers
SELECT i,
  CASE i % 7 WHEN 0 THEN 'Anna' WHEN 1 THEN 'Jan van der Berg' WHEN 2 THEN 'Zoë  Śmith' WHEN 3 THEN ' Lead' WHEN 4 THEN 'Trail '
    WHEN 5 THEN '' ELSE 'Bo Li' || i END,
  CASE WHEN i % 5 > 0 THEN 'C' || i || '@Example.org' END,
  CASE WHEN i % 4 > 0 THEN '00' || i || '-12' END,
  CASE WHEN i % 11 > 0 THEN (i - 200) * 7919 END,
  CASE i % 3 WHEN 0 THEN 'gold' WHEN 1 THEN 'silver' END,
  i % 2 = 0,
  CASE WHEN i % 6 > 0 THEN i || ' Main St;0' || i || ';' || CASE WHEN i % 2 = 0 THEN '' ELSE 'Town' END END,
  timestamptz '2019-12-31 23:30:00Z' + i * interval '7 hours 1 microsecond',
  CASE WHEN i % 8 > 0 THEN date '1950-01-01' + i * 37 END,
  CASE WHEN i % 9 > 0 THEN i / 7.0 END,
  CASE WHEN i % 10 > 0 THEN ARRAY['t' || i, NULL, 'x,y'] END,
  CASE WHEN i % 12 > 0 THEN jsonb_build_object('n', i, 'on', i % 2 = 0) END
FROM generate_series(1, 400) AS i;
INSERT INTO customers VALUES (401, NULL, NULL, NULL, 9223372036854775807, NULL, true, NULL, 'infinity', NULL, NULL, NULL, NULL);
INSERT INTO orders
SELECT i, i % 400 + 1, (ARRAY['open', 'paid', 'shipped'])[i % 3 + 1], i * 1.37, CASE i % 4 WHEN 0 THEN 'note ' || i WHEN 1 THEN '' END,
  timestamptz '2024-03-30 22:00:00Z' + i * interval '1 hour 3 milliseconds', CASE WHEN i % 5 > 0 THEN date '2024-02-27' + i END
FROM generate_series(1, 300) AS i;
INSERT INTO order_lines
SELECT o, l, 'SKU-' || o * l, o % 9 + 1, o * 0.125 + l FROM generate_series(1, 280) AS o, generate_series(1, 3) AS l WHERE l <= o % 3 + 1;
INSERT INTO accounts
SELECT lpad(i::text, 8, '0'), CASE WHEN i % 5 = 0 THEN 'Owner  ' ELSE 'Owner' || i END, (i - 50) * 100003, CASE WHEN i % 2 = 0 THEN 'EUR' ELSE 'USD' END,
  CASE WHEN i % 3 > 0 THEN date '2001-09-09' + i END, CASE WHEN i % 4 = 0 THEN '+49' || i END, lpad((i * 37 % 10000)::text, 4, '0')
FROM generate_series(1, 200) AS i;
ANALYZE
