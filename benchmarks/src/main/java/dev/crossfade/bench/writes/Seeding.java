package dev.crossfade.bench.writes;

/** The rows that are there before anybody writes. */
final class Seeding {
  /** Rows of each table and shard. */
  static final int ROWS = 16;

  /** Generated keys begin here, above all that are given. */
  static final long FIRST_NUMBER = 1_000_000;

  /** More than a session can take: a session's own numbers follow each other. */
  private static final int NUMBERS_OF_A_SESSION = 100_000;

  private Seeding() {}

  /** Shard 0 is everybody's, 1 and so on are the sessions'. */
  static String old(int sessions) {
    String rows =
        " FROM generate_series(0, %d) AS s, generate_series(0, %d) AS k ORDER BY s, k;\n"
            .formatted(sessions, ROWS - 1);
    return "INSERT INTO customers SELECT s * 1000 + k, s, 'Ann' || k || CASE WHEN k % 4 > 0 THEN '"
        + " Lee ' || s ELSE '' END, CASE WHEN k % 3 > 0 THEN 's' || s || '-' || k END, k *"
        + " 137, CASE WHEN k % 2 = 0 THEN k / 4.0 END, (ARRAY['basic', 'silver', 'gold'])[1"
        + " + k % 3], CASE WHEN k % 5 > 0 THEN 'note ' || k END, k % 4 > 1"
        + rows
        + "INSERT INTO orders SELECT s * 1000 + k, s, s * 1000 + k / 2, 'o' || s || '-' || k, k *"
        + " 9.75, 1 + k % 5, CASE WHEN k % 3 = 0 THEN 'street ' || k END, date '2024-01-01' + k"
        + rows
        + "INSERT INTO order_lines SELECT s * 1000 + k / 3, k % 3, s, 'sku-' || k % 3, k * 1.25,"
        + " nullif(k % 4, 0)"
        + rows
        + "INSERT INTO articles SELECT s * 1000 + k, s, 'title ' || k, CASE k % 5 WHEN 0 THEN '{}'"
        + " WHEN 1 THEN '{a}' WHEN 2 THEN '{b,NULL,b}' ELSE '{x,y,\"z z\"}' END::text[]"
        + rows
        + "INSERT INTO members SELECT s * 1000 + k, s, 'm' || s || '-' || k, CASE WHEN k % 2 = 0"
        + " THEN date '1990-01-01' + k END"
        + rows.replace(" ORDER", " WHERE k % 4 > 0 ORDER")
        + "INSERT INTO settings SELECT s * 1000 + k, s, CASE WHEN k % 2 = 0 THEN 'dark' ELSE"
        + " 'light' END, k"
        + rows.replace(" ORDER", " WHERE k % 4 < 3 ORDER")
        + "INSERT INTO guests SELECT s * 1000 + k, s, 'm' || s || '-' || k, CASE WHEN k % 2 = 1"
        + " THEN date '1980-01-01' + k END"
        + rows
        + "INSERT INTO stays SELECT s * 1000 + k, s, s * 1000 + k / 2, k"
        + rows
        + "INSERT INTO parcels SELECT s * 1000 + k, s, 'm' || s || '-' || k, CASE WHEN k % 3 = 0"
        + " THEN 'street ' || k END, 1 + k % 6, nullif(date '2024-02-01' + k, '2024-02-05')"
        + rows
        + "INSERT INTO desks SELECT s * 1000 + k, s, 'desk ' || k"
        + rows
        + "INSERT INTO lamps SELECT s * 1000 + k, s, k"
        + rows.replace(" ORDER", " WHERE k % 4 = 1 ORDER")
        + "INSERT INTO mats SELECT s * 1000 + k, s, nullif(k, 7)::text"
        + rows.replace(" ORDER", " WHERE k % 3 = 1 ORDER")
        + "INSERT INTO tallies SELECT s * 1000 + k, s, nullif(k, 3)::text"
        + rows
        + "INSERT INTO visits SELECT s * 1000 + k, s, 'page ' || k, nullif(k, 3)"
        + rows
        + Lockstep.OLD_NUMBERS.formatted(FIRST_NUMBER, FIRST_NUMBER, FIRST_NUMBER);
  }

  /** What the old shape does not show, and numbers for every session. */
  static String unseen() {
    String sequence = "ALTER SEQUENCE %s CACHE %d RESTART %d;\n";
    return "UPDATE people SET region = 'r' || id * 7919 % 1013;\n"
        + "UPDATE contacts SET verified = 'v' || person_id * 7919 % 1013;\n"
        + "UPDATE purchase SET channel = 'c' || order_id * 7919 % 1013;\n"
        + "UPDATE article SET shelf = 's' || id * 7919 % 1013;\n"
        + "UPDATE accounts SET origin = 'o' || id * 7919 % 1013;\n"
        + "UPDATE visit SET agent = 'a' || visit_id * 7919 % 1013;\n"
        + "UPDATE guest SET lang = 'l' || old_key * 7919 % 1013 FROM guest_ids WHERE new_key"
        + " = id;\n"
        + "UPDATE stay SET board = 'b' || id * 7919 % 1013;\n"
        + "UPDATE shipment SET carrier = 'p' || shipment_id * 7919 % 1013;\n"
        + sequence.formatted("people_id_seq", NUMBERS_OF_A_SESSION, FIRST_NUMBER)
        + sequence.formatted("purchase_order_id_seq", NUMBERS_OF_A_SESSION, FIRST_NUMBER)
        + sequence.formatted("visit_visit_id_seq", NUMBERS_OF_A_SESSION, FIRST_NUMBER);
  }
}
