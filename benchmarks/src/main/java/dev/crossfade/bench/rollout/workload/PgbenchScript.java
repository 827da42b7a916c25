package dev.crossfade.bench.rollout.workload;

import dev.crossfade.sql.parse.Tokens;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A script of pgbench: {@code \set} and statements that end with a semicolon. Variables become
 * parameters, as with {@code pgbench -M prepared}. Other commands are refused with their line.
 */
public final class PgbenchScript implements Workload {
  private static final int COMMANDS_MAX = 500;
  private static final Pattern SET = Pattern.compile("\\\\set\\s+([A-Za-z_]\\w*)\\s+(.+)");

  private final String source;
  private final List<Command> commands;
  private final List<Statement> statements;
  private final Map<String, Number> defined;
  private final boolean writes;
  private final long seed;

  /** What is done for one line or several. */
  private sealed interface Command {
    /** {@code \set}. */
    record Assign(int line, String variable, String expression) implements Command {}

    /** A statement whose parameters are these variables. */
    record Send(int line, int statement, String sql, List<String> variables) implements Command {}
  }

  private PgbenchScript(String source, Reader read, Map<String, Number> defined, long seed) {
    this.source = source;
    this.commands = List.copyOf(read.commands);
    this.statements =
        read.fingerprints.entrySet().stream()
            .map(
                entry ->
                    new Statement(entry.getKey(), read.counts.getOrDefault(entry.getValue(), 0)))
            .toList();
    this.defined = Map.copyOf(defined);
    this.writes = read.writes;
    this.seed = seed;
  }

  /**
   * @param name of the file, for messages
   * @param defined values of variables, such as scale
   * @param writes whether statements that may write are let in
   */
  public static PgbenchScript parse(
      String name, String text, Map<String, Number> defined, boolean writes, long seed)
      throws WorkloadException {
    Reader reader = new Reader(name, defined.keySet(), writes);
    reader.read(text);
    PgbenchScript script = new PgbenchScript("pgbench, " + name, reader, defined, seed);
    if (script.statements.isEmpty()) {
      throw new WorkloadException(name + " has no statement; end each with a semicolon");
    }
    // What is wrong with an expression shows here, and not in the middle of a measurement.
    script.calls(0);
    return script;
  }

  @Override
  public String source() {
    return source;
  }

  @Override
  public List<Statement> statements() {
    return statements;
  }

  @Override
  public List<Call> transaction(long number) {
    try {
      return calls(number);
    } catch (WorkloadException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  private List<Call> calls(long number) throws WorkloadException {
    SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + number);
    Map<String, Number> variables = new HashMap<>(defined);
    List<Call> calls = new ArrayList<>();
    for (Command command : commands) {
      switch (command) {
        case Command.Assign assign -> {
          try {
            variables.put(
                assign.variable(),
                PgbenchExpression.evaluate(assign.expression(), variables, random));
          } catch (WorkloadException e) {
            throw new WorkloadException(source + ", line " + assign.line() + ": " + e.getMessage());
          }
        }
        case Command.Send send -> {
          List<@Nullable String> values = new ArrayList<>();
          for (String variable : send.variables()) {
            values.add(String.valueOf(variables.get(variable)));
          }
          calls.add(new Call(send.statement(), send.sql(), values));
        }
      }
    }
    return calls;
  }

  @Override
  public double coverage() {
    return 1;
  }

  @Override
  public List<String> remarks() {
    return List.of();
  }

  @Override
  public boolean writes() {
    return writes;
  }

  /** Reads a script line by line. */
  private static final class Reader {
    private final String name;
    private final Set<String> known;
    private final boolean allowsWrites;
    private final List<Command> commands = new ArrayList<>();
    private final Map<String, Integer> fingerprints = new LinkedHashMap<>();
    private final Map<Integer, Integer> counts = new HashMap<>();
    private boolean writes;

    Reader(String name, Set<String> defined, boolean allowsWrites) {
      this.name = name;
      this.known = new HashSet<>(defined);
      this.allowsWrites = allowsWrites;
    }

    void read(String text) throws WorkloadException {
      StringBuilder open = new StringBuilder();
      int began = 0;
      int line = 0;
      for (String raw : text.split("\n", -1)) {
        line++;
        if (open.isEmpty() && raw.strip().startsWith("\\")) {
          assign(line, raw.strip());
          continue;
        }
        if (open.isEmpty()) {
          began = line;
        }
        open.append(raw).append('\n');
        SqlText sql = SqlText.of(open.toString());
        int count = sql.tokens().count();
        if (count == 0) {
          open.setLength(0);
        } else if (sql.tokens().wellFormed() && sql.tokens().isPunctuation(count - 1, ';')) {
          for (int i = 0; i < sql.tokens().statementCount(); i++) {
            statement(began, sql, i);
          }
          open.setLength(0);
        }
      }
      if (!open.isEmpty()) {
        throw wrong(began, "the statement does not end with a semicolon");
      }
    }

    private void assign(int line, String command) throws WorkloadException {
      Matcher matcher = SET.matcher(command);
      if (!matcher.matches()) {
        throw wrong(
            line,
            "'"
                + command.split("\\s", 2)[0]
                + "' is not supported; \\set NAME EXPRESSION and statements are");
      }
      commands.add(new Command.Assign(line, matcher.group(1), matcher.group(2)));
      known.add(matcher.group(1));
      limit(line);
    }

    private void limit(int line) throws WorkloadException {
      if (commands.size() > COMMANDS_MAX) {
        throw wrong(line, "more than " + COMMANDS_MAX + " commands");
      }
    }

    private void statement(int line, SqlText all, int number) throws WorkloadException {
      int first = all.tokens().statementStart(number);
      int last = all.tokens().statementEnd(number) - 1;
      SqlText one = SqlText.of(all.part(all.tokens().start(first), all.tokens().end(last)));
      List<String> variables = new ArrayList<>();
      String jdbc = bound(line, one, variables, "?");
      // The sidecar sees parameters, so the fingerprint has them.
      SqlText seen = SqlText.of(bound(line, one, new ArrayList<>(), "$"));
      boolean control = one.isControl();
      if (!control && (one.mayWrite() || !one.isRead())) {
        if (!allowsWrites) {
          throw wrong(
              line,
              "the statement may change data, and by default only reads are replayed; --writes"
                  + " lets it in, for databases that may be changed");
        }
        writes = true;
      }
      int place = Call.CONTROL;
      if (!control) {
        place = fingerprints.computeIfAbsent(seen.fingerprint(), text -> fingerprints.size());
        counts.merge(place, 1, Integer::sum);
      }
      commands.add(new Command.Send(line, place, jdbc, variables));
      limit(line);
    }

    /** With its variables replaced by parameters, which are {@code ?} or {@code $1}, {@code $2}. */
    private String bound(int line, SqlText sql, List<String> variables, String mark)
        throws WorkloadException {
      StringBuilder text = new StringBuilder();
      int from = 0;
      for (int token = 0; token < sql.tokens().count(); token++) {
        int start = sql.tokens().start(token);
        int end = sql.tokens().end(token);
        boolean variable =
            sql.tokens().isPunctuation(token, ':')
                && token + 1 < sql.tokens().count()
                && sql.tokens().start(token + 1) == end
                && Character.isLetter(sql.tokens().text(token + 1).charAt(0));
        text.append(sql.part(from, start));
        from = start;
        if (variable) {
          String called = sql.tokens().text(token + 1);
          if (!known.contains(called)) {
            throw wrong(line, "the variable :" + called + " was not set before");
          }
          variables.add(called);
          text.append(mark.equals("?") ? "?" : "$" + variables.size());
          from = sql.tokens().end(token + 1);
          token++;
        } else if (mark.equals("?") && sql.tokens().kind(token) == Tokens.OPERATOR) {
          text.append(sql.part(start, end).replace("?", "??"));
          from = end;
        }
      }
      return text.append(sql.part(from, sql.bytes().length)).toString();
    }

    private WorkloadException wrong(int line, String message) {
      return new WorkloadException(name + ", line " + line + ": " + message);
    }
  }
}
