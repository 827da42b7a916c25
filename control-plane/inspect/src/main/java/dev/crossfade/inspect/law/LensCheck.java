package dev.crossfade.inspect.law;

import dev.crossfade.core.migration.Side;
import dev.crossfade.core.schema.ColumnShape;
import dev.crossfade.core.schema.TableName;
import dev.crossfade.core.schema.TableShape.UniqueKey;
import dev.crossfade.inspect.database.Database;
import dev.crossfade.inspect.database.QueryException;
import dev.crossfade.inspect.finding.Code;
import dev.crossfade.inspect.finding.Example;
import dev.crossfade.inspect.finding.Finding;
import dev.crossfade.sql.image.EntityGroup;
import dev.crossfade.sql.lens.CompiledLens;
import dev.crossfade.sql.lens.CompiledLens.MappedTable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Checks the laws of a lens, and new's rules, on every row. Reads only; each query is short and has
 * a snapshot of its own, so it may run beside the traffic.
 */
public final class LensCheck {
  private static final String OLD = "old ";

  private final CompiledLens lens;
  private final Database old;
  private final Database next;
  private final Options options;
  private final Progress progress;
  private final Map<Integer, Images> oldImages = new HashMap<>();
  private final List<EntityGroup> groups;

  /**
   * @param chunkRows rows of a chunk, about
   * @param showValues whether examples may show what is in rows
   * @param wholeTableMax how long a query over a whole table may run
   * @param checkpoint where to keep how far it has come, and to go on from; null for nowhere
   * @param subject tells what is checked from everything else
   */
  public record Options(
      int chunkRows,
      boolean showValues,
      Duration wholeTableMax,
      @Nullable Path checkpoint,
      String subject) {
    public Options {
      if (chunkRows < 1 || chunkRows > 1_000_000) {
        throw new IllegalArgumentException("a chunk has 1 to 1,000,000 rows");
      }
    }
  }

  /** Is told how far the check has come, after each chunk. */
  @FunctionalInterface
  public interface Progress {
    /**
     * @param step what is checked, for people
     * @param rows that this run has checked of it, and {@code expected} about how many there are; 0
     *     when nobody knows
     */
    void at(String step, long rows, long expected);
  }

  private LensCheck(CompiledLens lens, Sides sides, Options options, Progress progress) {
    this.lens = lens;
    this.old = sides.old();
    this.next = sides.next();
    this.options = options;
    this.progress = progress;
    this.groups = EntityGroup.of(lens, Side.OLD);
  }

  /** The two databases. */
  public record Sides(Database old, Database next) {}

  /**
   * @throws QueryException when a database can not be asked any more; what was checked is in the
   *     checkpoint
   * @throws IOException when the checkpoint can not be read or written
   */
  public static LawReport run(CompiledLens lens, Sides sides, Options options, Progress progress)
      throws QueryException, IOException {
    return new LensCheck(lens, sides, options, progress).run();
  }

  private LawReport run() throws QueryException, IOException {
    Checkpoint checkpoint = Checkpoint.open(options.checkpoint(), options.subject());
    Evidence evidence = checkpoint.evidence();
    Map<TableName, Images> byImage = new HashMap<>();
    for (int i = 0; i < groups.size(); i++) {
      EntityGroup group = groups.get(i);
      Images images = new Images(group, StandIns.read(old, next, group.other().values()));
      oldImages.put(i, images);
      group.otherNames().forEach(name -> byImage.put(name, images));
    }
    for (Images images : oldImages.values()) {
      check(old, images, checkpoint);
    }
    WholeTables whole = new WholeTables(old, byImage, options.wholeTableMax());
    for (String name : whole.names()) {
      if (!checkpoint.isDone(name)) {
        progress.at(name, 0, 0);
        whole.ask(name, evidence);
        checkpoint.finish(name);
      }
    }
    for (EntityGroup group : EntityGroup.of(lens, Side.NEW)) {
      if (!group.other().isEmpty() && hasRows(group)) {
        Images images = new Images(group, StandIns.read(next, old, group.other().values()));
        check(next, images, checkpoint);
      }
    }
    return report(evidence);
  }

  /** New may still be empty; then there is nothing to be said of it. */
  private boolean hasRows(EntityGroup group) throws QueryException {
    for (TableName name : group.ownNames()) {
      String sql = "SELECT EXISTS (SELECT 1 FROM " + Quoted.name(name) + ")";
      if ("t".equals(next.query(sql).getFirst().getFirst())) {
        return true;
      }
    }
    return false;
  }

  private void check(Database database, Images images, Checkpoint checkpoint)
      throws QueryException, IOException {
    EntityGroup group = images.group();
    String side = group.side().name().toLowerCase(Locale.ROOT);
    MappedTable lead = lead(group, database);
    String step = side + " " + lead.shape().name();
    if (checkpoint.isDone(step)) {
      return;
    }
    ChunkWalk walk = new ChunkWalk(database, lead, options.chunkRows());
    Evidence evidence = checkpoint.evidence();
    GroupCheck check = new GroupCheck(database, images, walk, evidence, options.showValues());
    check.prepare();
    List<String> after = checkpoint.after(step);
    if (after == null && group.side() == Side.OLD) {
      keysAreThere(group, database, evidence);
      new Locality(database, images, walk).check(evidence);
    }
    long expected = walk.expectedRows();
    long before = evidence.rows(step);
    KeyRange range = walk.next(after);
    check.check(range);
    while (range.upTo() != null) {
      checkpoint.reached(step, range.upTo());
      progress.at(step, evidence.rows(step) - before, expected);
      range = walk.next(range.upTo());
      check.check(range);
    }
    checkpoint.finish(step);
    progress.at(step, evidence.rows(step) - before, expected);
  }

  /** The table by whose rows the chunks are counted: one that is indexed by entity, the largest. */
  private static MappedTable lead(EntityGroup group, Database database) throws QueryException {
    MappedTable best = null;
    long most = -1;
    for (TableName name : group.ownNames()) {
      MappedTable table = group.own(name);
      boolean indexed =
          table.shape().rules().uniqueKeys().stream().anyMatch(key -> leads(key, table.entity()));
      long rows = new ChunkWalk(database, table, 1).expectedRows();
      long weight = indexed ? Long.MAX_VALUE / 2 + rows : rows;
      if (weight > most) {
        most = weight;
        best = table;
      }
    }
    if (best == null) {
      throw new IllegalArgumentException("a group has a table");
    }
    return best;
  }

  private static boolean leads(UniqueKey key, List<String> entity) {
    return key.columns().size() >= entity.size()
        && key.columns().subList(0, entity.size()).equals(entity);
  }

  private static void keysAreThere(EntityGroup group, Database database, Evidence evidence)
      throws QueryException {
    for (TableName name : group.ownNames()) {
      MappedTable table = group.own(name);
      boolean filled =
          table.entity().stream()
              .allMatch(key -> table.shape().column(key).filter(c -> !c.nullable()).isPresent());
      if (!filled) {
        String sql =
            "SELECT count(*) FROM "
                + Quoted.name(name)
                + " WHERE NOT (("
                + Quoted.list(table.entity(), Quoted::name)
                + ") IS NOT NULL)";
        long rows = Long.parseLong(String.valueOf(database.query(sql).getFirst().getFirst()));
        if (rows > 0) {
          evidence
              .at(Code.KEY_IS_NULL, "old " + name)
              .count("has no key", rows)
              .example(new Example(String.join(", ", table.entity()) + "=NULL", "has no key"));
        }
      }
    }
  }

  private LawReport report(Evidence evidence) throws QueryException {
    List<LawReport.Table> tables = new ArrayList<>();
    List<String> constant = new ArrayList<>();
    for (Images images : oldImages.values()) {
      for (TableName name : images.group().ownNames()) {
        tables.add(table(images, name, evidence, constant));
      }
    }
    List<Finding> findings = new ArrayList<>();
    List<LawReport.Loss> losses = new ArrayList<>();
    for (Evidence.Entry entry : evidence.entries()) {
      boolean same = entry.code() == Code.COLUMN_LOSSY && constant.contains(entry.place());
      Code code = same ? Code.COLUMN_CONSTANT : entry.code();
      Finding finding = new Finding(code, entry.place(), entry.described(), entry.examples());
      findings.add(finding);
      if (isOfLoss(finding)) {
        losses.add(new LawReport.Loss(finding, entry.count()));
      }
    }
    for (Images images : oldImages.values()) {
      images
          .standIns()
          .replaced()
          .forEach(
              (type, standIn) ->
                  findings.add(
                      new Finding(
                          Code.TYPE_STAND_IN,
                          "new type " + type,
                          "old does not have it; computed with as " + standIn)));
    }
    findings.sort(Comparator.comparing(Finding::severity).thenComparing(Finding::code));
    tables.sort(Comparator.comparing(table -> table.name().toString()));
    long newRows =
        evidence.rows().entrySet().stream()
            .filter(entry -> entry.getKey().startsWith("new "))
            .mapToLong(Map.Entry::getValue)
            .sum();
    return new LawReport(tables, newRows, findings.stream().distinct().toList(), losses);
  }

  /** Old's rows do not come back, or nobody knows whether they do. */
  private static boolean isOfLoss(Finding finding) {
    return switch (finding.code()) {
      case ROW_LOST, ROW_INVENTED, COLUMN_LOSSY, COLUMN_CONSTANT, IMAGE_UNSTABLE -> true;
      case VALUE_REFUSED, NOT_COMPUTABLE, NOT_CHECKED -> finding.place().startsWith(OLD);
      default -> false;
    };
  }

  private LawReport.Table table(
      Images images, TableName name, Evidence evidence, List<String> constant)
      throws QueryException {
    String place = OLD + name;
    boolean unknown = evidence.find(Code.NOT_COMPUTABLE, place).isPresent();
    List<LawReport.Column> columns = new ArrayList<>();
    for (ColumnShape column : images.group().own(name).shape().columns()) {
      String where = place + "." + column.name();
      Evidence.Entry lossy = evidence.find(Code.COLUMN_LOSSY, where).orElse(null);
      Evidence.Entry form = evidence.find(Code.COLUMN_NORMALISED, where).orElse(null);
      LossClass loss = form == null ? LossClass.LOSSLESS : LossClass.NORMALISED;
      if (lossy != null) {
        boolean same = lossy.onlyHash().isPresent() && isConstant(images, name, column.name());
        loss = same ? LossClass.CONSTANT : LossClass.LOSSY;
        if (same) {
          constant.add(where);
        }
      }
      long rows = (lossy == null ? 0 : lossy.count()) + (form == null ? 0 : form.count());
      columns.add(new LawReport.Column(column.name(), unknown ? LossClass.UNKNOWN : loss, rows));
    }
    return new LawReport.Table(name, evidence.rows(place), columns);
  }

  /** Whether a chunk of rows, and so probably all, come back with one value. */
  private boolean isConstant(Images images, TableName name, String column) throws QueryException {
    ChunkWalk walk = new ChunkWalk(old, images.group().own(name), options.chunkRows());
    String sql =
        "SELECT count(*) > 1 AND count(DISTINCT coalesce(md5(x."
            + Quoted.name(column)
            + "::text), '')) = 1 FROM "
            + images.roundTrip(name, walk.entities(walk.next(null)))
            + " AS x";
    try {
      return "t".equals(old.query(sql).getFirst().getFirst());
    } catch (QueryException e) {
      if (e.isOfData() || e.isTimeout()) {
        return false;
      }
      throw e;
    }
  }
}
