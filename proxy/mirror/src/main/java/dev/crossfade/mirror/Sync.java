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
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes entities equal on both sides: the one primitive that moves data. It locks them on the
 * receiving side, then reads the authority, then writes; so whoever comes last has read last, and
 * any number of them at once end at the authority's image.
 */
final class Sync {
  private static final String UNIQUE_VIOLATION = "23505";
  private static final String DEADLOCK = "40P01";

  /** Classes of SQLSTATEs, and some states, that say nothing of rows. */
  private static final Set<String> OF_SERVER =
      Set.of(
          "08", "0A", "25", "28", "3D", "3F", "40", "42", "53", "55", "57", "58", "CF", "F0", "XX");

  private static final String BEGIN = "SELECT crossfade.begin_applying(?, ?); ";

  /** With those that were not asked for but had to go along. */
  private static final int MOST_ENTITIES = 2_000;

  private final SyncPlan plan;
  private final Connection reader;
  private final Connection writer;
  private final String begin;
  private final @Nullable String beginInBulk;
  private final String read;
  private final String write;
  private final String replace;

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
    begin = BEGIN + plan.lock();
    beginInBulk = bulk ? BEGIN + plan.bulkLock() : null;
    read = plan.tables().stream().map(TableSync::read).collect(Collectors.joining("; "));
    List<TableSync> childrenFirst = plan.tables().reversed();
    String writes = plan.tables().stream().map(TableSync::write).collect(Collectors.joining("; "));
    write =
        childrenFirst.stream().map(TableSync::delete).collect(Collectors.joining("; "))
            + "; "
            + writes;
    replace =
        childrenFirst.stream().map(TableSync::clear).collect(Collectors.joining("; "))
            + "; "
            + writes;
  }

  /**
   * @return how many rows of the receiving side were not as they had to be
   * @throws SQLException when nothing was changed
   */
  int run(Entities entities) throws SQLException {
    if (entities.size() == 0) {
      return 0;
    }
    if (beginInBulk != null) {
      try {
        return attempt(entities, beginInBulk, false);
      } catch (SQLException e) {
        // Somebody at work on other entities was in the way: alone it may be otherwise.
        if (!Set.of(UNIQUE_VIOLATION, DEADLOCK).contains(String.valueOf(e.getSQLState()))) {
          throw e;
        }
      }
    }
    try {
      return attempt(entities, begin, false);
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
        return attempt(all, begin, true);
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

  private int attempt(Entities entities, String begin, boolean replacing) throws SQLException {
    boolean done = false;
    try {
      begin(entities, begin);
      int changed = write(entities, images(entities), replacing);
      writer.commit();
      done = true;
      return changed;
    } finally {
      if (!done) {
        rollback();
      }
    }
  }

  private void begin(Entities entities, String begin) throws SQLException {
    try (PreparedStatement statement = writer.prepareStatement(begin)) {
      statement.setString(1, plan.migration());
      statement.setString(2, plan.authority().name());
      keys(statement, 3, entities);
      statement.execute();
    }
  }

  private List<Image> images(Entities entities) throws SQLException {
    try (PreparedStatement statement = reader.prepareStatement(read)) {
      int parameter = 1;
      for (int i = 0; i < plan.tables().size(); i++) {
        parameter = keys(statement, parameter, entities);
      }
      List<Image> images = new ArrayList<>();
      statement.execute();
      for (TableSync table : plan.tables()) {
        Image image = new Image(table.columns().size());
        try (ResultSet result = statement.getResultSet()) {
          image.read(result);
        }
        images.add(image);
        statement.getMoreResults();
      }
      return images;
    }
  }

  private int write(Entities entities, List<Image> images, boolean replacing) throws SQLException {
    try (PreparedStatement statement = writer.prepareStatement(replacing ? replace : write)) {
      int parameter = 1;
      for (int i = plan.tables().size() - 1; i >= 0; i--) {
        parameter = keys(statement, parameter, entities);
        if (!replacing) {
          for (int column : plan.tables().get(i).key()) {
            text(statement, parameter++, images.get(i).column(column));
          }
        }
      }
      for (Image image : images) {
        parameter = columns(statement, parameter, image);
      }
      statement.execute();
      int changed = 0;
      for (int count = statement.getUpdateCount(); count >= 0; count = next(statement)) {
        changed += count;
      }
      return changed;
    }
  }

  private static int next(PreparedStatement statement) throws SQLException {
    statement.getMoreResults();
    return statement.getUpdateCount();
  }

  private Set<List<String>> rivals(Entities entities) throws SQLException {
    Set<List<String>> rivals = new LinkedHashSet<>();
    try {
      List<Image> images = images(entities);
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

  private static int columns(PreparedStatement statement, int from, Image image)
      throws SQLException {
    int parameter = from;
    for (int i = 0; i < image.width(); i++) {
      text(statement, parameter++, image.column(i));
    }
    return parameter;
  }

  private static void text(PreparedStatement statement, int parameter, @Nullable String[] values)
      throws SQLException {
    statement.setArray(parameter, statement.getConnection().createArrayOf("text", values));
  }
}
