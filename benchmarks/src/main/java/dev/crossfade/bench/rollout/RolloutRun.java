package dev.crossfade.bench.rollout;

import dev.crossfade.api.v1.Knee;
import dev.crossfade.bench.rollout.replay.Pace;
import dev.crossfade.bench.rollout.replay.Replay;
import dev.crossfade.bench.rollout.replay.Turn;
import dev.crossfade.bench.rollout.replay.Way;
import dev.crossfade.bench.rollout.workload.Call;
import dev.crossfade.bench.rollout.workload.Workload;
import dev.crossfade.inspect.database.DatabaseUrl;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;

/**
 * Measures all ways in turn, round by round, each round in another order; then compares the plans,
 * and looks for the knee of old and of new.
 */
final class RolloutRun implements AutoCloseable {
  private static final int EXAMPLES_TRIED = 20_000;
  private static final Duration WARM_UP_MIN = Duration.ofSeconds(1);

  private final Subject subject;
  private final Workload workload;
  private final Settings settings;
  private final Consumer<String> told;
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  /**
   * @param told is told what is being done, a line each
   */
  RolloutRun(Subject subject, Workload workload, Settings settings, Consumer<String> told) {
    this.subject = subject;
    this.workload = workload;
    this.settings = settings;
    this.told = told;
  }

  Measurement measure() throws SQLException {
    told.accept("starting sidecars of its own, in RAMP");
    Sidecars sidecars = new Sidecars(subject, workload.writes());
    opened.push(sidecars);
    List<Replay> ways = new ArrayList<>();
    ways.add(open(direct(Measurement.OLD)));
    ways.add(open(direct(Measurement.OLD_AGAIN)));
    ways.add(open(sidecars.start(0)));
    for (int percent : settings.reads()) {
      if (percent > 0 && percent < 100) {
        ways.add(open(sidecars.start(percent)));
      }
    }
    Way onNew = sidecars.start(100);
    ways.add(open(onNew));
    told.accept("comparing plans");
    List<PlanComparison.Compared> plans = plans(onNew);
    told.accept("warming up");
    Duration warmUp =
        settings.length().compareTo(WARM_UP_MIN) > 0 ? settings.length() : WARM_UP_MIN;
    ways.forEach(way -> way.turn(pace(0, warmUp)));
    Turn generator = generator();
    Map<String, List<Turn>> turns = rounds(ways);
    return new Measurement(turns, generator, plans, knees(ways), routes(onNew));
  }

  private Way direct(String name) {
    return new Way(name, subject.old().jdbc(), subject.old().properties(), true);
  }

  private Replay open(Way way) throws SQLException {
    Replay replay = Replay.open(way, workload, settings.sessions());
    opened.push(replay);
    return replay;
  }

  /** Of a round; the same for all its ways. */
  private Pace pace(int round, Duration length) {
    long first = round * 10_000_019L;
    return new Pace(settings.rate(), length, first, settings.seed() + round);
  }

  private Turn generator() throws SQLException {
    try (Replay nowhere = Replay.open(Way.NOWHERE, workload, settings.sessions())) {
      nowhere.turn(pace(0, WARM_UP_MIN));
      return nowhere.turn(pace(1, settings.length()));
    }
  }

  private Map<String, List<Turn>> rounds(List<Replay> ways) {
    Map<String, List<Turn>> turns = new LinkedHashMap<>();
    ways.forEach(way -> turns.put(way.way().name(), new ArrayList<>()));
    for (int round = 1; round <= settings.rounds(); round++) {
      told.accept("round " + round + " of " + settings.rounds());
      List<Replay> order = new ArrayList<>(ways);
      Collections.rotate(order, round);
      if (round % 2 == 0) {
        Collections.reverse(order);
      }
      for (Replay way : order) {
        Turn turn = way.turn(pace(round, settings.length()));
        turns.computeIfAbsent(way.way().name(), name -> new ArrayList<>()).add(turn);
      }
    }
    return turns;
  }

  private List<Knee> knees(List<Replay> ways) {
    List<Knee> knees = new ArrayList<>();
    if (settings.kneeSteps() == 0) {
      return knees;
    }
    KneeSearch search =
        new KneeSearch(
            settings.terms(), settings.length(), settings.kneeSteps(), settings.seed() + 1_000);
    for (Replay way : ways) {
      String name = way.way().name();
      if (name.equals(Measurement.OLD) || name.equals(Measurement.ON_NEW)) {
        told.accept("looking for the knee of " + name);
        knees.add(search.of(name, way::turn, settings.rate()));
      }
    }
    return knees;
  }

  private List<PlanComparison.Compared> plans(Way onNew) throws SQLException {
    try (Connection old = connect(subject.old());
        Connection target = connect(subject.target());
        Connection sidecar = connect(onNew)) {
      PlanComparison comparison = new PlanComparison(old, target, sidecar);
      List<PlanComparison.Compared> plans = new ArrayList<>();
      for (Call example : examples()) {
        plans.add(comparison.compare(example));
      }
      return plans;
    }
  }

  /** One of each statement, as the workload makes them. */
  private List<Call> examples() {
    int wanted = workload.statements().size();
    Map<Integer, Call> found = new LinkedHashMap<>();
    for (long number = 0; number < EXAMPLES_TRIED && found.size() < wanted; number++) {
      for (Call call : workload.transaction(number)) {
        if (call.statement() != Call.CONTROL) {
          found.putIfAbsent(call.statement(), call);
        }
      }
    }
    List<Call> examples = new ArrayList<>();
    for (int i = 0; i < wanted; i++) {
      // What is as rare as that has no example, and nothing is found out about it.
      examples.add(found.getOrDefault(i, new Call(i, "SELECT 1", List.of())));
    }
    return examples;
  }

  private static Measurement.Routes routes(Way onNew) throws SQLException {
    double all = 0;
    double byNew = 0;
    StringBuilder others = new StringBuilder();
    try (Connection sidecar = connect(onNew);
        Statement statement = sidecar.createStatement();
        ResultSet row = statement.executeQuery("SHOW CROSSFADE.ROUTES")) {
      while (row.next()) {
        String migration = row.getString("migration");
        if (migration == null || migration.isEmpty() || row.getString("side") == null) {
          continue;
        }
        double count = Double.parseDouble(row.getString("count"));
        all += count;
        if ("new".equals(row.getString("side"))) {
          byNew += count;
        } else {
          others.append(others.isEmpty() ? "" : ", ");
          others.append(row.getString("reason")).append(' ').append(Math.round(count));
        }
      }
    }
    return new Measurement.Routes(all == 0 ? 0 : byNew / all, others.toString());
  }

  private static Connection connect(DatabaseUrl url) throws SQLException {
    return connect(url.jdbc(), url.properties());
  }

  private static Connection connect(Way way) throws SQLException {
    return connect(way.jdbc(), way.login());
  }

  private static Connection connect(String jdbc, Properties login) throws SQLException {
    Properties properties = new Properties();
    properties.putAll(login);
    properties.setProperty("connectTimeout", "10");
    properties.setProperty("socketTimeout", "60");
    return DriverManager.getConnection(jdbc, properties);
  }

  @Override
  public void close() {
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (Exception e) {
        told.accept("something could not be stopped: " + e.getMessage());
      }
    }
  }
}
