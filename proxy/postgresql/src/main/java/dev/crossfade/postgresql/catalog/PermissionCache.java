package dev.crossfade.postgresql.catalog;

import dev.crossfade.core.schema.TableName;
import dev.crossfade.postgresql.session.ReadPermission;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may read the mapped tables on old, asked of old itself and remembered for a while. New is read with the sidecar's
 * own credentials, so without this a user could read there what old forbids. A table with row security is never read from
 * new: its policies are old's.
 */
public final class PermissionCache implements ReadPermission {
  private static final Logger LOG = LoggerFactory.getLogger(PermissionCache.class);
  private static final int MAX_ENTRIES = 10_000;

  private record Key(String user, String migration) {}

  /**
   * @param answer UNKNOWN only while it is asked for the first time
   */
  private record Entry(Answer answer, long staleAtNanos) {}

  private final ConcurrentHashMap<Key, Entry> entries = new ConcurrentHashMap<>();
  private final MetadataConnection old;
  private final Executor blocking;
  private final LongSupplier nanoClock;
  private final long validNanos;
  private volatile Map<String, Set<TableName>> tables = Map.of();

  /**
   * @param valid how long an answer is used before it is asked again
   */
  public PermissionCache(MetadataConnection old, Executor blocking, LongSupplier nanoClock, Duration valid) {
    this.old = old;
    this.blocking = blocking;
    this.nanoClock = nanoClock;
    this.validNanos = valid.toNanos();
  }

  /** The mapped tables by migration, from now on; what was known of others is forgotten. */
  public void tables(Map<String, Set<TableName>> byMigration) {
    tables = Map.copyOf(byMigration);
    entries.clear();
  }

  @Override
  public Answer mayRead(String user, String migration) {
    Key key = new Key(user, migration);
    Entry entry = entries.get(key);
    long now = nanoClock.getAsLong();
    if (entry != null && now - entry.staleAtNanos() < 0) {
      return entry.answer();
    }
    if (entry == null && entries.size() >= MAX_ENTRIES) {
      entries.clear();
    }
    // Whoever extends the entry asks; the others go on with what is known.
    Entry asking = new Entry(entry == null ? Answer.UNKNOWN : entry.answer(), now + validNanos);
    boolean mine = entry == null ? entries.putIfAbsent(key, asking) == null : entries.replace(key, entry, asking);
    if (mine) {
      blocking.execute(() -> ask(key));
    }
    return asking.answer();
  }

  private void ask(Key key) {
    try {
      Answer answer = allowed(key) ? Answer.ALLOWED : Answer.DENIED;
      entries.put(key, new Entry(answer, nanoClock.getAsLong() + validNanos));
    } catch (MetadataException e) {
      entries.put(key, new Entry(Answer.DENIED, nanoClock.getAsLong() + validNanos / 10));
      LOG.atWarn()
          .addKeyValue("migration", key.migration())
          .addKeyValue("detail", e.reason())
          .log("read permission is not known; old answers");
    }
  }

  private boolean allowed(Key key) throws MetadataException {
    Set<TableName> mapped = tables.getOrDefault(key.migration(), Set.of());
    if (mapped.isEmpty()) {
      return false;
    }
    String list =
        mapped.stream()
            .map(table -> "(" + literal(table.schema()) + ", " + literal(table.name()) + ")")
            .collect(Collectors.joining(", "));
    String sql =
        "SELECT count(*) = " + mapped.size() + " AND bool_and(NOT c.relrowsecurity AND has_table_privilege("
            + literal(key.user()) + ", c.oid, 'SELECT') AND has_schema_privilege(" + literal(key.user())
            + ", n.oid, 'USAGE')) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE (n.nspname, c.relname) IN ("
            + list + ")";
    return "t".equals(old.query(sql).getFirst().getFirst());
  }

  private static String literal(String text) {
    return "E'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
