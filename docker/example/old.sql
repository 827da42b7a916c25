-- The old shape, with the roles of the service and of the sidecar. Passwords of an example: nothing here is open to others.
CREATE ROLE app LOGIN PASSWORD 'app-example';
CREATE ROLE crossfade LOGIN PASSWORD 'crossfade-example';
CREATE ROLE control LOGIN PASSWORD 'control-example';
CREATE DATABASE control OWNER control;
GRANT CREATE ON DATABASE shop TO crossfade;
CREATE TABLE customers (id bigint PRIMARY KEY, full_name text NOT NULL, email text);
INSERT INTO customers SELECT i, 'Given' || i || ' Family' || i, CASE WHEN i % 10 <> 0 THEN 'c' || i || '@example.org' END FROM generate_series(1, 10000) AS i;
ALTER TABLE customers OWNER TO crossfade;
GRANT SELECT, INSERT, UPDATE, DELETE ON customers TO app;
