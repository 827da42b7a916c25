CREATE TYPE order_state AS ENUM ('open', 'paid', 'shipped');
CREATE TABLE people (
  id bigint PRIMARY KEY, given_name text, family_name text, phone text, balance numeric, tier varchar(10),
  active boolean NOT NULL, created_at timestamptz NOT NULL, birthday date, score double precision, tags text[], prefs jsonb);
CREATE TABLE contacts (person_id bigint PRIMARY KEY, email varchar(120) NOT NULL UNIQUE);
CREATE TABLE addresses (person_id bigint PRIMARY KEY, street text NOT NULL, zip text NOT NULL, city text NOT NULL);
CREATE TABLE purchases (
  id bigint PRIMARY KEY, buyer_id bigint NOT NULL, state order_state NOT NULL, amount numeric(12,2) NOT NULL,
  placed_at timestamptz NOT NULL, ship_on date);
CREATE TABLE remarks (purchase_id bigint PRIMARY KEY REFERENCES purchases, remark text NOT NULL);
CREATE TABLE items (
  purchase_id bigint REFERENCES purchases, line int, sku text NOT NULL, quantity int NOT NULL CHECK (quantity > 0), price numeric NOT NULL,
  PRIMARY KEY (purchase_id, line));
CREATE TABLE ledger (
  account_no varchar(12) PRIMARY KEY, holder text NOT NULL, amount numeric(20,0) NOT NULL, currency char(3) NOT NULL,
  opened date, fax text, pin text, region text NOT NULL)
