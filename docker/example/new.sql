-- The new shape, empty: the backfill fills it.
CREATE ROLE app LOGIN PASSWORD 'app-example';
CREATE ROLE crossfade LOGIN PASSWORD 'crossfade-example';
GRANT CREATE ON DATABASE shop TO crossfade;
CREATE TABLE people (id bigint PRIMARY KEY, given_name text NOT NULL, family_name text);
CREATE TABLE contacts (person_id bigint PRIMARY KEY REFERENCES people, email text NOT NULL);
ALTER TABLE people OWNER TO crossfade;
ALTER TABLE contacts OWNER TO crossfade;
GRANT SELECT, INSERT, UPDATE, DELETE ON people, contacts TO app;
