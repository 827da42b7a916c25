package dev.crossfade.mirror;

import dev.crossfade.sql.image.KeyQuery;
import dev.crossfade.sql.image.SyncPlan;
import dev.crossfade.sql.image.TableSync;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes entities equal on both sides: the one primitive that moves data. It locks them on the
 * receiving side, then reads the authority, then writes; so whoever comes last has read last, and
 * any number of them at once end at the authority's image.
 */
final class Sync {
  private static final String UNIQUE_VIOLATION = "23505";

  /** Classes of SQLSTATEs, and some states, that say nothing of rows. */
  private static final Set<String> OF_SERVER =
      Set.of(
          "08", "0A", "25", "28", "3D", "3F", "40", "42", "53", "55", "57", "58", "CF", "F0", "XX");

  /** Somebody was in the way: a lock that is not to be had soon, or a deadlock. */
  private static final Set<String> BUSY = Set.of("55P03", "40P01");

  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** With those that were not asked for but had to go along. */
  private static final int MOST_ENTITIES = 2_000;

  private final SyncPlan plan;
  private final Connection reader;
  private final Connection writer;
  private final String lock;
  private final @Nullable String bulkLock;
  private final String read;

  /**
   * Entities of one group.
   *
   * @param lock takes their locks; parameters: their keys
   */
  record Part(Sync sync, Entities entities, String lock) {
    Part(Sync sync, Entities entities) {
      this(sync, entities, sync.lock);
    }
  }

  /** A statement whose parameters are arrays of text. */
  private record Change(String sql, List<@Nullable String[]> parameters) {}

  Sync(SyncPlan plan, MirrorConnections connections) {
    this(plan, connections.reader(), connections.writer(), false);
  }

  /**
   * @param bulk whether nobody else who does so too is ever given the same entities, see {@link
   *     SyncPlan#bulkLock}
   */
  Sync(SyncPlan plan, Connection reader, Connection writer, boolean bulk) {
    this.plan = plan;
    this.reader = reader;
    this.writer = writer;
    lock = plan.lock();
    bulkLock = bulk ? plan.bulkLock() : null;
    read = plan.tables().stream().map(TableSync::read).collect(Collectors.joining("; "));
  }

  /**
   * Makes entities of several groups equal, in one transaction. Everybody has the groups in one
   * order.
   *
   * @param parts over the same connections
   * @return false when something about them keeps that from being done, and nothing was changed
   * @throws SQLException as {@link #run}, when it has nothing to do with them
   */
  static boolean together(List<Part> parts) throws SQLException {
    try {
      once(parts, false);
      return true;
    } catch (SQLException e) {
      if (isOfData(e) || Endpoint.isTooLarge(e) || isBusy(e)) {
        return false;
      }
      throw e;
    }
  }

  /**
   * @return how many rows of the receiving side were not as they had to be
   * @throws SQLException when nothing was changed
   */
  int run(Entities entities) throws SQLException {
    if (entities.size() == 0) {
      return 0;
    }
    if (bulkLock != null) {
      try {
        return once(List.of(new Part(this, entities, bulkLock)), false);
      } catch (SQLException e) {
        // Somebody at work on other entities was in the way: alone it may be otherwise.
        if (!UNIQUE_VIOLATION.equals(e.getSQLState()) && !isBusy(e)) {
          throw e;
        }
      }
    }
    try {
      return attempt(entities, false);
    } catch (SQLException e) {
      if (!UNIQUE_VIOLATION.equals(e.getSQLState()) || !plan.replaceable()) {
        throw e;
      }
      return replaced(entities);
    }
  }

  /**
   * Where keys of entities are found.
   *
   * @param receiving whether on the side that is written
   */
  record Source(Connection connection, KeyQuery keys, boolean receiving) {}

  /** All entities: those that the authority has, then those of the other side. */
  List<Source> sources() {
    List<Source> sources = new ArrayList<>();
    plan.entities().authority().forEach(keys -> sources.add(new Source(reader, keys, false)));
    plan.entities().receiving().forEach(keys -> sources.add(new Source(writer, keys, true)));
    return sources;
  }

  /** Waits for everybody who has read the authority before now and will write by that. */
  void settle() throws SQLException {
    try (Statement statement = writer.createStatement()) {
      statement.execute(plan.settle());
    }
    writer.commit();
  }

  /** Where one entity can not be carried, the others are. */
  void runEach(Entities entities, Map<List<String>, SQLException> failed) throws SQLException {
    try {
      run(entities);
    } catch (SQLException e) {
      boolean alone = entities.size() == 1;
      if (!isOfData(e) && !(alone && Endpoint.isTooLarge(e))) {
        throw e;
      }
      if (alone) {
        failed.put(entities.keys().getFirst(), e);
      } else {
        runEach(entities.firstHalf(), failed);
        runEach(entities.secondHalf(), failed);
      }
    }
  }

  /**
   * What the others may not meet without these rows. All else has to do with the server, with
   * rights, or with the moment.
   */
  private static boolean isOfData(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    return state.length() == 5 && OF_SERVER.stream().noneMatch(state::startsWith);
  }

  /**
   * A value that only one row may have has moved from one entity to another. Both must change in
   * one transaction, and no row may be written while the other still stands.
   */
  private int replaced(Entities entities) throws SQLException {
    Entities all = entities;
    while (true) {
      try {
        return attempt(all, true);
      } catch (SQLException e) {
        Set<List<String>> rivals =
            UNIQUE_VIOLATION.equals(e.getSQLState()) ? rivals(all) : Set.of();
        if (rivals.isEmpty() || all.size() + rivals.size() > MOST_ENTITIES) {
          throw e;
        }
        Entities more = all.with(rivals);
        if (more.size() == all.size()) {
          throw e;
        }
        all = more;
      }
    }
  }

  /** In one database it lets those who write go first, and tries again. */
  private int attempt(Entities entities, boolean replacing) throws SQLException {
    long end = System.nanoTime() + LONGEST_NANOS;
    while (true) {
      try {
        return once(List.of(new Part(this, entities, lock)), replacing);
      } catch (SQLException e) {
        if (!isBusy(e) || System.nanoTime() - end > 0 || writer.isClosed()) {
          throw e;
        }
        LockSupport.parkNanos(PAUSE_NANOS + ThreadLocalRandom.current().nextLong(PAUSE_NANOS));
      }
    }
  }

  private static boolean isBusy(SQLException e) {
    return BUSY.contains(String.valueOf(e.getSQLState()));
  }

  private static int once(List<Part> parts, boolean replacing) throws SQLException {
    Sync first = parts.getFirst().sync();
    boolean done = false;
    try {
      first.begin(parts);
      List<List<Image>> images = first.images(parts);
      int changed = first.write(parts, images, replacing);
      done = true;
      return changed;
    } finally {
      if (!done) {
        first.rollback();
      }
    }
  }

  private void begin(List<Part> parts) throws SQLException {
    String sql =
        parts.stream()
            .map(Part::lock)
            .collect(Collectors.joining("; ", "SELECT crossfade.begin_applying(?, ?); ", ""));
    try (PreparedStatement statement = writer.prepareStatement(sql)) {
      statement.setString(1, plan.migration());
      statement.setString(2, plan.authority().name());
      int parameter = 3;
      for (Part part : parts) {
        parameter = part.sync().keys(statement, parameter, part.entities());
      }
      statement.execute();
    }
  }

  /** Of each part, table by table. */
  private List<List<Image>> images(List<Part> parts) throws SQLException {
    String sql = parts.stream().map(part -> part.sync().read).collect(Collectors.joining("; "));
    try (PreparedStatement statement = reader.prepareStatement(sql)) {
      int parameter = 1;
      for (Part part : parts) {
        for (int i = 0; i < part.sync().plan.tables().size(); i++) {
          parameter = part.sync().keys(statement, parameter, part.entities());
        }
      }
      List<List<Image>> all = new ArrayList<>();
      statement.execute();
      for (Part part : parts) {
        List<Image> images = new ArrayList<>();
        for (TableSync table : part.sync().plan.tables()) {
          Image image = new Image(table.columns().size());
          try (ResultSet result = statement.getResultSet()) {
            image.read(result);
          }
          images.add(image);
          statement.getMoreResults();
        }
        all.add(images);
      }
      return all;
    }
  }

  /** With the end of the transaction, and without what would change nothing. */
  private int write(List<Part> parts, List<List<Image>> images, boolean replacing)
      throws SQLException {
    List<Change> changes = new ArrayList<>();
    for (int i = parts.size() - 1; i >= 0; i--) {
      parts.get(i).sync().deletes(parts.get(i).entities(), images.get(i), replacing, changes);
    }
    for (int i = 0; i < parts.size(); i++) {
      parts.get(i).sync().writes(images.get(i), changes);
    }
    changes.add(new Change("COMMIT", List.of()));
    String sql = changes.stream().map(Change::sql).collect(Collectors.joining("; "));
    try (PreparedStatement statement = writer.prepareStatement(sql)) {
      int parameter = 1;
      for (Change change : changes) {
        for (@Nullable String[] values : change.parameters()) {
          text(statement, parameter++, values);
        }
      }
      statement.execute();
      int changed = 0;
      for (int count = statement.getUpdateCount(); count >= 0; count = next(statement)) {
        changed += count;
      }
      return changed;
    }
  }

  /** Children first. */
  private void deletes(
      Entities entities, List<Image> images, boolean replacing, List<Change> changes) {
    for (int i = plan.tables().size() - 1; i >= 0; i--) {
      TableSync table = plan.tables().get(i);
      Image image = images.get(i);
      if (!replacing && image.hasEach(entities, table.single())) {
        continue;
      }
      List<@Nullable String[]> parameters = new ArrayList<>();
      for (int column = 0; column < plan.keys().types().size(); column++) {
        parameters.add(entities.column(column));
      }
      if (!replacing) {
        table.key().forEach(column -> parameters.add(image.column(column)));
      }
      changes.add(new Change(replacing ? table.clear() : table.delete(), parameters));
    }
  }

  private void writes(List<Image> images, List<Change> changes) {
    for (int i = 0; i < images.size(); i++) {
      Image image = images.get(i);
      if (image.rows() > 0) {
        List<@Nullable String[]> parameters = new ArrayList<>();
        for (int column = 0; column < image.width(); column++) {
          parameters.add(image.column(column));
        }
        changes.add(new Change(plan.tables().get(i).write(), parameters));
      }
    }
  }

  private static int next(PreparedStatement statement) throws SQLException {
    statement.getMoreResults();
    return statement.getUpdateCount();
  }

  private Set<List<String>> rivals(Entities entities) throws SQLException {
    Set<List<String>> rivals = new LinkedHashSet<>();
    try {
      List<Image> images = images(List.of(new Part(this, entities))).getFirst();
      for (int i = 0; i < images.size(); i++) {
        for (TableSync.Rival rival : plan.tables().get(i).rivals()) {
          try (PreparedStatement statement = writer.prepareStatement(rival.query())) {
            int parameter = keys(statement, 1, entities);
            for (int column : rival.columns()) {
              text(statement, parameter++, images.get(i).column(column));
            }
            try (ResultSet result = statement.executeQuery()) {
              while (result.next()) {
                rivals.add(key(result));
              }
            }
          }
        }
      }
      return rivals;
    } finally {
      rollback();
    }
  }

  private List<String> key(ResultSet result) throws SQLException {
    List<String> key = new ArrayList<>();
    for (int i = 1; i <= plan.keys().types().size(); i++) {
      key.add(result.getString(i));
    }
    return key;
  }

  private void rollback() throws SQLException {
    if (!writer.isClosed()) {
      writer.rollback();
    }
  }

  private int keys(PreparedStatement statement, int from, Entities entities) throws SQLException {
    int parameter = from;
    for (int i = 0; i < plan.keys().types().size(); i++) {
      text(statement, parameter++, entities.column(i));
    }
    return parameter;
  }

  private static void text(PreparedStatement statement, int parameter, @Nullable String[] values)
      throws SQLException {
    statement.setArray(parameter, statement.getConnection().createArrayOf("text", values));
  }
}
