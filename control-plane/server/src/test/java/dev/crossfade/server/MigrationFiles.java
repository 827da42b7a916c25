package dev.crossfade.server;

/** Migration files for tests. */
public final class MigrationFiles {
  private MigrationFiles() {}

  /** A sound migration of this name. */
  public static String named(String name) {
    return """
    apiVersion: crossfade.dev/v1
    kind: Migration
    metadata: {name: %s, owner: accounts, rationale: "one table per concern", risk: medium}
    spec:
      engine: postgresql
      entity: {key: [id bigint]}
      old:
        customers:
          entity: [id]
          down: |
            SELECT p.id, p.given_name || ' ' || p.family_name AS full_name, c.email
            FROM people p LEFT JOIN contacts c ON c.person_id = p.id
      new:
        people:
          entity: [id]
          up: |
            SELECT id, split_part(full_name,' ',1) AS given_name, split_part(full_name,' ',2) AS family_name
            FROM customers
        contacts:
          entity: [person_id]
          up: SELECT id AS person_id, email FROM customers WHERE email IS NOT NULL
    """
        .formatted(name);
  }
}
