package dev.crossfade.sql.lens;

import dev.crossfade.core.schema.TableName;
import dev.crossfade.sql.lens.Frame.Made;
import dev.crossfade.sql.lens.Frame.Sides;
import dev.crossfade.sql.lens.TableShorthand.Beside;
import dev.crossfade.sql.lens.TableShorthand.Collect;
import dev.crossfade.sql.lens.TableShorthand.ColumnChange;
import dev.crossfade.sql.lens.TableShorthand.ColumnChange.Archive;
import dev.crossfade.sql.lens.TableShorthand.ColumnChange.Keep;
import dev.crossfade.sql.lens.TableShorthand.ColumnChange.Rows;
import dev.crossfade.sql.lens.TableShorthand.ColumnShorthand;
import dev.crossfade.sql.lens.TableShorthand.Exchange.Uuid;
import dev.crossfade.sql.parse.SqlParser;
import dev.crossfade.sql.yaml.Problem;
import dev.crossfade.sql.yaml.SourceText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes the queries that the entries of a file's {@code spec.tables} stand for. */
final class ShorthandCompiler {
  private final Sides sides;
  private final SqlPieces pieces;
  private final List<Problem> problems;

  /** Tables of new that an entry fills for others that use them, too. */
  private final Set<TableName> shared = new HashSet<>();

  /**
   * @param downs one for each old table
   * @param ups one for each new table
   */
  record Queries(List<Made> downs, List<Made> ups) {}

  ShorthandCompiler(Sides sides, SqlParser parser, List<Problem> problems) {
    this.sides = sides;
    this.pieces = new SqlPieces(parser, problems);
    this.problems = problems;
  }

  /** Null, with problems added, when the entry does not fit the tables. */
  @Nullable Queries compile(TableShorthand shorthand) {
    int before = problems.size();
    Frame frame = new Frame(shorthand, sides, problems);
    Draft old = frame.addOld(shorthand.oldTable(), true, shorthand.place());
    Draft next = frame.addNew(shorthand.newTable(), true, shorthand.place());
    if (old == null || next == null || !hasKey(frame)) {
      return null;
    }
    compile(frame, old, next);
    return problems.size() > before ? null : new Queries(frame.downs(), frame.ups());
  }

  private void compile(Frame frame, Draft old, Draft next) {
    TableShorthand shorthand = frame.shorthand();
    List<String> newKey =
        frame.entity().stream()
            .map(column -> ColumnCompiler.newName(shorthand.columns(), column))
            .toList();
    old.key(frame.entity());
    next.key(newKey);
    UuidKeys uuids = new UuidKeys(frame, shared);
    int before = problems.size();
    SplitCompiler split = new SplitCompiler(frame, newKey);
    MergeCompiler merge = new MergeCompiler(frame, pieces, uuids);
    boolean fits = problems.size() == before;
    ColumnCompiler columns =
        new ColumnCompiler(
            frame,
            old,
            pieces,
            uuids,
            column ->
                Optional.ofNullable(split.target(column))
                    .orElse(new ColumnCompiler.Target(next, null, merge.firstIsThere())));
    List<String> named = new ArrayList<>(frame.entity());
    named.addAll(split.named());
    columns.compile(shorthand.columns(), named, List.of());
    List<SourceText> keyValues = keyValues(frame, newKey);
    // What is made of tables that do not fit would be full of problems that nobody has.
    if (fits && keyValues.size() == newKey.size()) {
      split.finish(newKey, keyValues);
      left(frame, columns.left(), newKey, keyValues);
      merge.compile();
      ListCompiler lists = new ListCompiler(frame);
      for (Collect collect : shorthand.beside().collect()) {
        lists.collect(collect);
      }
    }
    frame.fromNew(old);
    frame.checkUsed();
    next.checkUp("add it under columns with add: true and a default");
  }

  private void left(
      Frame frame, List<ColumnShorthand> left, List<String> newKey, List<SourceText> keyValues) {
    ArchiveCompiler archives = new ArchiveCompiler(frame, pieces, newKey);
    ListCompiler lists = new ListCompiler(frame);
    for (ColumnShorthand column : left) {
      if (column.change() instanceof Archive archive) {
        archives.archive(column, archive, keyValues);
      } else if (column.change() instanceof Rows rows) {
        lists.rows(column, rows, newKey, keyValues);
      }
    }
    archives.finish();
  }

  /** What computes the key of new from the first old table; incomplete when it is not in new. */
  private List<SourceText> keyValues(Frame frame, List<String> newKey) {
    List<SourceText> values = new ArrayList<>();
    for (String column : newKey) {
      SourceText value = frame.newKey(column);
      if (value != null) {
        values.add(value);
      } else if (isWide(frame.shorthand())) {
        frame.problem(
            frame.shorthand().place(),
            "key column " + column + " is not kept in " + frame.next().table() + "; keep it");
      }
    }
    return values;
  }

  private boolean hasKey(Frame frame) {
    TableShorthand shorthand = frame.shorthand();
    if (shorthand.entity().isEmpty() && isWide(shorthand)) {
      frame.problem(
          shorthand.place(), "more than one table needs the key; name it with entity: [column]");
      return false;
    }
    if (frame.entity().isEmpty() && frame.isKnown()) {
      frame.problem(
          shorthand.place(),
          shorthand.oldTable() + " has no primary key; name its key with entity: [column]");
    }
    return true;
  }

  /** Whether it is about more than two tables. */
  private static boolean isWide(TableShorthand shorthand) {
    Beside beside = shorthand.beside();
    return !beside.split().isEmpty()
        || !beside.merge().isEmpty()
        || !beside.collect().isEmpty()
        || shorthand.columns().stream().anyMatch(column -> isWide(column.change()));
  }

  private static boolean isWide(ColumnChange change) {
    return switch (change) {
      case Keep keep -> keep.exchange() instanceof Uuid;
      case Archive archive -> true;
      case Rows rows -> true;
      case ColumnChange.Drop drop -> false;
      case ColumnChange.Add add -> false;
    };
  }
}
