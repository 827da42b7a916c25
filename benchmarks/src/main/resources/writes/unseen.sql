CREATE TABLE unseen_customers AS
  SELECT id, 'r' || id * 7919 % 1013 AS region, CASE WHEN email IS NOT NULL THEN 'v' || id * 7919 % 1013 END AS verified
  FROM customers;
CREATE TABLE unseen_orders AS SELECT id, 'c' || id * 7919 % 1013 AS channel FROM orders;
CREATE TABLE unseen_articles AS SELECT id, 's' || id * 7919 % 1013 AS shelf FROM articles;
CREATE TABLE unseen_accounts AS
  SELECT id, 'o' || id * 7919 % 1013 AS origin
  FROM (SELECT id FROM members UNION SELECT member_id FROM settings) AS a;

CREATE TABLE unseen_visits AS SELECT id, 'a' || id * 7919 % 1013 AS agent FROM visits;
CREATE TABLE unseen_guests AS SELECT id, 'l' || id * 7919 % 1013 AS lang FROM guests;
CREATE TABLE unseen_stays AS SELECT id, 'b' || id * 7919 % 1013 AS board FROM stays;
CREATE TABLE unseen_parcels AS SELECT id, 'p' || id * 7919 % 1013 AS carrier FROM parcels;

CREATE FUNCTION unseen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  gone bigint := CASE WHEN TG_OP <> 'INSERT' THEN (to_jsonb(OLD) ->> TG_ARGV[0])::bigint END;
  here bigint := CASE WHEN TG_OP <> 'DELETE' THEN (to_jsonb(NEW) ->> TG_ARGV[0])::bigint END;
BEGIN
  IF TG_TABLE_NAME = 'customers' THEN
    IF TG_OP = 'INSERT' THEN
      INSERT INTO unseen_customers VALUES (here, 'eu', CASE WHEN NEW.email IS NOT NULL THEN 'no' END);
    ELSIF TG_OP = 'DELETE' THEN
      DELETE FROM unseen_customers WHERE id = gone;
    ELSE
      UPDATE unseen_customers
      SET id = here, verified = CASE WHEN NEW.email IS NULL THEN NULL WHEN OLD.email IS NULL THEN 'no' ELSE verified END
      WHERE id = gone;
    END IF;
  ELSIF TG_TABLE_NAME = 'orders' THEN
    IF TG_OP = 'INSERT' THEN
      INSERT INTO unseen_orders VALUES (here, 'web');
    ELSIF TG_OP = 'DELETE' THEN
      DELETE FROM unseen_orders WHERE id = gone;
    ELSE
      UPDATE unseen_orders SET id = here WHERE id = gone;
    END IF;
  ELSIF TG_TABLE_NAME = 'visits' THEN
    IF TG_OP = 'INSERT' THEN
      INSERT INTO unseen_visits VALUES (here, 'none');
    ELSIF TG_OP = 'DELETE' THEN
      DELETE FROM unseen_visits WHERE id = gone;
    ELSE
      UPDATE unseen_visits SET id = here WHERE id = gone;
    END IF;
  ELSIF TG_TABLE_NAME = 'articles' THEN
    IF TG_OP = 'INSERT' THEN
      INSERT INTO unseen_articles VALUES (here, 'none');
    ELSIF TG_OP = 'DELETE' THEN
      DELETE FROM unseen_articles WHERE id = gone;
    ELSE
      UPDATE unseen_articles SET id = here WHERE id = gone;
    END IF;
  ELSIF TG_TABLE_NAME = 'guests' THEN
    IF TG_OP = 'INSERT' THEN
      INSERT INTO unseen_guests VALUES (here, 'de');
    ELSIF TG_OP = 'DELETE' THEN
      DELETE FROM unseen_guests WHERE id = gone;
    ELSE
      UPDATE unseen_guests SET id = here WHERE id = gone;
    END IF;
  ELSIF TG_TABLE_NAME = 'stays' THEN
    IF TG_OP = 'INSERT' THEN
      INSERT INTO unseen_stays VALUES (here, 'none');
    ELSIF TG_OP = 'DELETE' THEN
      DELETE FROM unseen_stays WHERE id = gone;
    ELSE
      UPDATE unseen_stays SET id = here WHERE id = gone;
    END IF;
  ELSIF TG_TABLE_NAME = 'parcels' THEN
    IF TG_OP = 'INSERT' THEN
      INSERT INTO unseen_parcels VALUES (here, 'post');
    ELSIF TG_OP = 'DELETE' THEN
      DELETE FROM unseen_parcels WHERE id = gone;
    ELSE
      UPDATE unseen_parcels SET id = here WHERE id = gone;
    END IF;
  ELSE
    -- One stored row for both of them: it is there as long as one of them is.
    DELETE FROM unseen_accounts AS u
    WHERE u.id = gone AND NOT EXISTS (SELECT FROM members AS m WHERE m.id = gone)
      AND NOT EXISTS (SELECT FROM settings AS s WHERE s.member_id = gone);
    INSERT INTO unseen_accounts
    SELECT here, 'app' WHERE here IS NOT NULL AND NOT EXISTS (SELECT FROM unseen_accounts AS u WHERE u.id = here);
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER unseen AFTER INSERT OR UPDATE OR DELETE ON customers FOR EACH ROW EXECUTE FUNCTION unseen('id');
CREATE TRIGGER unseen AFTER INSERT OR UPDATE OR DELETE ON orders FOR EACH ROW EXECUTE FUNCTION unseen('id');
CREATE TRIGGER unseen AFTER INSERT OR UPDATE OR DELETE ON articles FOR EACH ROW EXECUTE FUNCTION unseen('id');
CREATE TRIGGER unseen AFTER INSERT OR UPDATE OR DELETE ON members FOR EACH ROW EXECUTE FUNCTION unseen('id');
CREATE TRIGGER unseen AFTER INSERT OR UPDATE OR DELETE ON settings FOR EACH ROW EXECUTE FUNCTION unseen('member_id');
CREATE TRIGGER unseen AFTER INSERT OR UPDATE OR DELETE ON visits FOR EACH ROW EXECUTE FUNCTION unseen('id');
CREATE TRIGGER unseen AFTER INSERT OR UPDATE OR DELETE ON guests FOR EACH ROW EXECUTE FUNCTION unseen('id');
CREATE TRIGGER unseen AFTER INSERT OR UPDATE OR DELETE ON stays FOR EACH ROW EXECUTE FUNCTION unseen('id');
CREATE TRIGGER unseen AFTER INSERT OR UPDATE OR DELETE ON parcels FOR EACH ROW EXECUTE FUNCTION unseen('id');
