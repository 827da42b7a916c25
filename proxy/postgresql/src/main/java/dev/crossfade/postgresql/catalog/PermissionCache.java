package dev.crossfade.postgresql.catalog;

import dev.crossfade.core.schema.TableName;
import dev.crossfade.postgresql.session.ReadPermission;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may read the mapped tables on old, asked of old itself and remembered for a while. New is
 * read with the sidecar's own credentials, so without this a user could read there what old
 * forbids. A table with row security is never read from new: its policies are old's. Nor is one for
 * a user whose sessions old gives settings of their own: they may mean something else.
 */
public final class PermissionCache implements ReadPermission {
  private static final Logger LOG = LoggerFactory.getLogger(PermissionCache.class);
  private static final int MAX_ENTRIES = 10_000;

  /**
   * @param tables bare names; empty: all of the migration
   */
  private record Key(String user, String migration, Set<String> tables, Set<String> privileges) {}

  /**
   * @param answer UNKNOWN only until it has been answered for the first time
   */
  private record Entry(Answer answer, long staleAtNanos) {}

  /**
   * The mapped tables and what is known of them: one value, so that the answer to a question about
   * other tables, which was under way when they changed, counts for nothing.
   */
  private record Known(Map<String, Set<TableName>> tables, ConcurrentHashMap<Key, Entry> entries) {
    Known(Map<String, Set<TableName>> tables) {
      this(Map.copyOf(tables), new ConcurrentHashMap<>());
    }
  }

  private final MetadataConnection old;
  private final Executor blocking;
  private final LongSupplier nanoClock;
  private final long validNanos;
  private volatile Known known = new Known(Map.of());

  /**
   * @param valid how long an answer is used before it is asked again
   */
  public PermissionCache(
      MetadataConnection old, Executor blocking, LongSupplier nanoClock, Duration valid) {
    this.old = old;
    this.blocking = blocking;
    this.nanoClock = nanoClock;
    this.validNanos = valid.toNanos();
  }

  /** The mapped tables by migration, from now on; what was known of others is forgotten. */
  public void tables(Map<String, Set<TableName>> byMigration) {
    known = new Known(byMigration);
  }

  @Override
  public Answer mayDo(String user, String migration, Set<String> tables, Set<String> privileges) {
    return answer(new Key(user, migration, Set.copyOf(tables), Set.copyOf(privileges)));
  }

  private Answer answer(Key key) {
    Known now = known;
    Entry entry = now.entries().get(key);
    long time = nanoClock.getAsLong();
    if (entry != null && time - entry.staleAtNanos() < 0) {
      return entry.answer();
    }
    if (entry == null && now.entries().size() >= MAX_ENTRIES) {
      now.entries().clear();
    }
    // Whoever extends the entry asks; the others go on with what is known.
    Entry asking = new Entry(entry == null ? Answer.UNKNOWN : entry.answer(), time + validNanos);
    boolean mine =
        entry == null
            ? now.entries().putIfAbsent(key, asking) == null
            : now.entries().replace(key, entry, asking);
    if (mine) {
      blocking.execute(() -> ask(now, key, asking.answer()));
    }
    return asking.answer();
  }

  private void ask(Known about, Key key, Answer before) {
    long valid = validNanos;
    String refusal;
    try {
      refusal = refusal(about, key);
    } catch (MetadataException e) {
      if (isAway(e)) {
        // What it has said goes on; where it has said nothing yet, nobody knows.
        about.entries().put(key, new Entry(before, nanoClock.getAsLong() + validNanos / 100));
        return;
      }
      refusal = "not known: " + e.reason();
      valid /= 10;
    }
    Answer answer = refusal == null ? Answer.ALLOWED : Answer.DENIED;
    about.entries().put(key, new Entry(answer, nanoClock.getAsLong() + valid));
    if (answer == Answer.DENIED && before != Answer.DENIED) {
      LOG.atWarn()
          .addKeyValue("migration", key.migration())
          .addKeyValue("user", key.user())
          .addKeyValue("detail", refusal)
          .log("what this user does stays on old");
    }
  }

  private static boolean isAway(MetadataException e) {
    return !e.isRefused() || List.of("08", "53", "57").stream().anyMatch(e.sqlState()::startsWith);
  }

  /** Null when the user's reads may go to new. */
  private @Nullable String refusal(Known about, Key key) throws MetadataException {
    Set<TableName> mapped = about.tables().getOrDefault(key.migration(), Set.of());
    Set<TableName> asked =
        mapped.stream()
            .filter(table -> key.tables().isEmpty() || key.tables().contains(table.name()))
            .collect(Collectors.toSet());
    String question = PermissionQuestion.of(key.user(), asked, key.privileges());
    return asked.isEmpty()
        ? "the migration maps no tables"
        : old.query(question).getFirst().getFirst();
  }
}
