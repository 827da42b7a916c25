package dev.crossfade.sql.lens;

import dev.crossfade.core.schema.ColumnShape;
import dev.crossfade.core.schema.TableShape;
import dev.crossfade.sql.lens.Exchanges.Column;
import dev.crossfade.sql.lens.TableShorthand.ColumnChange.Add;
import dev.crossfade.sql.lens.TableShorthand.ColumnChange.Archive;
import dev.crossfade.sql.lens.TableShorthand.ColumnChange.Drop;
import dev.crossfade.sql.lens.TableShorthand.ColumnChange.Keep;
import dev.crossfade.sql.lens.TableShorthand.ColumnChange.Rows;
import dev.crossfade.sql.lens.TableShorthand.ColumnShorthand;
import dev.crossfade.sql.lens.TableShorthand.Exchange.Computed;
import dev.crossfade.sql.lens.TableShorthand.Exchange.Uuid;
import dev.crossfade.sql.yaml.Place;
import dev.crossfade.sql.yaml.SourceText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Fills the columns of new tables from those of one old table, and those of the old table from
 * them. Columns whose values other tables keep are left to others, who ask for {@link #left}.
 */
final class ColumnCompiler {
  private static final Keep AS_IT_IS =
      new Keep(Optional.empty(), Computed.AS_IT_IS, Optional.empty());

  private final Frame frame;
  private final Draft old;
  private final SqlPieces pieces;
  private final UuidKeys uuids;
  private final Function<String, Target> targets;
  private final Map<String, ColumnShorthand> changes = new HashMap<>();
  private final List<ColumnShorthand> left = new ArrayList<>();

  /**
   * Where a column goes.
   *
   * @param presentOnNew what holds in a query over new where its table has the row; null when it
   *     always has
   * @param presentOnOld the same in a query over old
   */
  record Target(Draft next, @Nullable String presentOnNew, @Nullable String presentOnOld) {}

  /**
   * @param targets by the old table's column
   */
  ColumnCompiler(
      Frame frame, Draft old, SqlPieces pieces, UuidKeys uuids, Function<String, Target> targets) {
    this.frame = frame;
    this.old = old;
    this.pieces = pieces;
    this.uuids = uuids;
    this.targets = targets;
  }

  /**
   * @param named columns that the file names elsewhere
   * @param except columns that are somebody else's
   */
  void compile(List<ColumnShorthand> columns, List<String> named, List<String> except) {
    columns.forEach(column -> changes.put(column.column(), column));
    for (String column : oldColumns(columns, named)) {
      if (!except.contains(column)) {
        fill(column);
      }
    }
    for (ColumnShorthand column : columns) {
      if (column.change() instanceof Add add) {
        add(column, add);
      } else if (!old.mayHave(column.column())) {
        frame.problem(
            column.place(), old.table() + " has no such column; to add it to new, say add: true");
      } else if (except.contains(column.column())) {
        frame.problem(
            column.place(), "the key of a merged table is that of the first one; remove it");
      }
    }
  }

  /** Columns that are neither in the new table nor gone. */
  List<ColumnShorthand> left() {
    return left;
  }

  private Set<String> oldColumns(List<ColumnShorthand> columns, List<String> named) {
    TableShape shape = old.shape();
    Set<String> found = new LinkedHashSet<>();
    if (shape != null) {
      shape.columns().stream().map(ColumnShape::name).forEach(found::add);
      return found;
    }
    found.addAll(named);
    columns.forEach(column -> found.add(column.column()));
    columns.stream()
        .filter(column -> column.change() instanceof Add)
        .forEach(column -> found.remove(column.column()));
    return found;
  }

  private void fill(String column) {
    ColumnShorthand shorthand = changes.get(column);
    Place place = shorthand == null ? old.place() : shorthand.place();
    switch (shorthand == null ? AS_IT_IS : shorthand.change()) {
      case Keep keep -> keep(column, keep, place);
      case Drop drop ->
          old.fill(column, value(drop.value(), drop.computed(), frame::usedOfNew), place);
      case Add add ->
          frame.problem(place, old.table() + " has this column already; use rename or cast");
      case Archive archive -> left.add(changes.get(column));
      case Rows rows -> left.add(changes.get(column));
    }
  }

  private void add(ColumnShorthand column, Add add) {
    Draft next = targets.apply(column.column()).next();
    if (!next.mayHave(column.column())) {
      frame.problem(
          column.place(), next.table() + " has no such column; it has " + next.columnNames());
      return;
    }
    next.fill(
        column.column(), value(add.value(), add.computed(), frame::usedOfOld), column.place());
  }

  private SourceText value(SourceText written, boolean computed, SqlPieces.Columns columns) {
    return computed ? pieces.expression(written, columns) : pieces.constant(written);
  }

  private void keep(String column, Keep keep, Place place) {
    Target target = targets.apply(column);
    Draft next = target.next();
    String name = keep.rename().orElse(column);
    Exchanges exchanges = new Exchanges(pieces, frame);
    exchanges.check(keep.exchange());
    if (!next.mayHave(name)) {
      String advice = "; rename " + column + ", or drop it and give a default";
      frame.problem(place, next.table() + " has no column " + name + advice);
      return;
    }
    SourceText up =
        exchanges.up(
            keep.exchange(),
            new Column(old.column(column), old.type(column)),
            next.type(name),
            place);
    SourceText filling = up;
    if (old == frame.old() && frame.entity().contains(column)) {
      frame.newKey(name, up);
      filling = merged(column, name, keep, up, place);
    }
    SourceText down =
        keep.exchange() instanceof Uuid uuid
            ? uuids.down(old, column, new UuidKeys.Made(uuid.map(), next.column(name), up, place))
            : exchanges.down(
                keep.exchange(),
                new Column(next.column(name), next.type(name)),
                old.type(column),
                place);
    next.fill(name, orAbsent(filling, target.presentOnOld(), keep, place), place);
    old.fill(column, orAbsent(down, target.presentOnNew(), keep, place), place);
    if (keep.absent().isPresent()
        && target.presentOnOld() == null
        && target.presentOnNew() == null) {
      frame.problem(
          keep.absent().get().place(),
          "every row has a value; remove it, or drop or add the column");
    }
  }

  /** The key of a row that comes from whichever old table has it. */
  private SourceText merged(String column, String name, Keep keep, SourceText up, Place place) {
    String sql = frame.mergedKey(column);
    if (sql == null) {
      return up;
    }
    if (keep.exchange() instanceof Computed computed && computed.up().isPresent()) {
      frame.problem(place, "the key of merged tables can not be computed with up; cast it");
    }
    return new Exchanges(pieces, frame)
        .up(
            keep.exchange(),
            new Column(sql, old.type(column)),
            targets.apply(column).next().type(name),
            place);
  }

  private SourceText orAbsent(SourceText value, @Nullable String present, Keep keep, Place place) {
    if (present == null || keep.absent().isEmpty()) {
      return value;
    }
    return new ComposedText(place)
        .add("CASE WHEN " + present + " THEN ")
        .add(value)
        .add(" ELSE ")
        .add(pieces.constant(keep.absent().get()))
        .add(" END");
  }

  /** The name of an old column in the new table. */
  static String newName(List<ColumnShorthand> columns, String column) {
    for (ColumnShorthand shorthand : columns) {
      if (shorthand.column().equals(column) && shorthand.change() instanceof Keep keep) {
        return keep.rename().orElse(column);
      }
    }
    return column;
  }
}
