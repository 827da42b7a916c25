package dev.crossfade.bench.rollout.workload;

import dev.crossfade.api.v1.Query;
import dev.crossfade.api.v1.QueryKind;
import dev.crossfade.api.v1.Readiness;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The statements that the sidecars have seen, as often in proportion as they saw them. The
 * inventory has no values: they are sampled from the columns that they are compared with. It has no
 * transactions either: each statement is one by itself.
 */
public final class InventoryWorkload implements Workload {
  private static final long RANGE = 100;
  private static final int ARRAY_VALUES = 5;
  private static final String ROWS = "20";
  private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,18}");
  private static final Pattern NUMBER = Pattern.compile("[0-9]+(\\.[0-9]+)?");

  private final List<Statement> statements;
  private final List<NormalizedText> texts;
  private final double[] upTo;
  private final SampledRows rows;
  private final double coverage;
  private final List<String> remarks;
  private final long seed;

  private InventoryWorkload(Selection selection, SampledRows rows, long seed) {
    this.statements = List.copyOf(selection.statements);
    this.texts = List.copyOf(selection.texts);
    this.upTo = new double[statements.size()];
    double sum = 0;
    for (int i = 0; i < upTo.length; i++) {
      sum += statements.get(i).weight();
      upTo[i] = sum;
    }
    this.rows = rows;
    this.coverage = selection.all == 0 ? 0 : sum / selection.all;
    this.remarks = List.copyOf(selection.remarks);
    this.seed = seed;
  }

  /** What can be replayed, as it is found. */
  private static final class Selection {
    private final List<Statement> statements = new ArrayList<>();
    private final List<NormalizedText> texts = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();
    private double all;
  }

  /**
   * @param old where values are taken from
   */
  public static InventoryWorkload of(Readiness inventory, Connection old, long seed)
      throws SQLException, WorkloadException {
    Map<String, Set<String>> columns = SampledRows.columns(old);
    Selection selection = new Selection();
    Map<String, Double> reads = new HashMap<>();
    double writes = 0;
    for (Query query : inventory.getQueriesList()) {
      if (query.getKind() == QueryKind.QUERY_KIND_READ) {
        reads.merge(query.getText(), (double) query.getExecutions(), Double::sum);
      } else {
        writes += query.getExecutions();
      }
    }
    Set<Hole.Column> wanted = new LinkedHashSet<>();
    reads.entrySet().stream()
        .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
        .forEach(read -> select(selection, read, columns, wanted));
    if (writes > 0) {
      selection.remarks.add(
          String.format(
              Locale.ROOT,
              "%.0f executions of writes are in the inventory and were not replayed: it has no"
                  + " values and no transactions of theirs",
              writes));
    }
    if (selection.statements.isEmpty()) {
      throw new WorkloadException(
          "the inventory of '"
              + inventory.getMigration()
              + "' has no read that can be replayed: let the service's traffic pass a sidecar"
              + " first, or give a script with -f");
    }
    return new InventoryWorkload(selection, SampledRows.take(old, wanted), seed);
  }

  private static void select(
      Selection selection,
      Map.Entry<String, Double> read,
      Map<String, Set<String>> columns,
      Set<Hole.Column> wanted) {
    selection.all += read.getValue();
    NormalizedText text = NormalizedText.of(read.getKey(), columns);
    for (Hole hole : text.holes()) {
      if (hole.isParameter() && hole.use() == Hole.Use.CONSTANT) {
        selection.remarks.add(
            "not replayed, for it cannot be told what a parameter is compared with: "
                + read.getKey());
        return;
      }
    }
    for (Hole hole : text.holes()) {
      Hole.Column column = hole.column();
      if (column != null) {
        wanted.add(column);
      }
    }
    selection.statements.add(new Statement(read.getKey(), read.getValue()));
    selection.texts.add(text);
  }

  @Override
  public String source() {
    return "inventory";
  }

  @Override
  public List<Statement> statements() {
    return statements;
  }

  @Override
  public double coverage() {
    return coverage;
  }

  @Override
  public List<String> remarks() {
    return remarks;
  }

  @Override
  public boolean writes() {
    return false;
  }

  @Override
  public List<Call> transaction(long number) {
    SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + number);
    double drawn = random.nextDouble() * upTo[upTo.length - 1];
    int chosen = 0;
    while (chosen < upTo.length - 1 && upTo[chosen] <= drawn) {
      chosen++;
    }
    return List.of(call(chosen, random));
  }

  private Call call(int chosen, SplittableRandom random) {
    Map<String, Integer> places = new HashMap<>();
    StringBuilder sql = new StringBuilder();
    List<@Nullable String> parameters = new ArrayList<>();
    String last = null;
    for (NormalizedText.Piece piece : texts.get(chosen).pieces()) {
      sql.append(sql.isEmpty() ? "" : " ");
      switch (piece) {
        case NormalizedText.Piece.Word word ->
            sql.append(word.text().startsWith("\"") ? word.text() : word.text().replace("?", "??"));
        case NormalizedText.Piece.Gap gap -> {
          last = value(gap.hole(), places, last, random);
          if (gap.hole().isParameter()) {
            sql.append('?');
            parameters.add(last);
          } else {
            sql.append(literal(gap.hole(), last));
          }
        }
      }
    }
    return new Call(chosen, sql.toString(), parameters);
  }

  private @Nullable String value(
      Hole hole, Map<String, Integer> places, @Nullable String last, SplittableRandom random) {
    Hole.Column column = hole.column();
    return switch (hole.use()) {
      case LIMIT -> ROWS;
      case OFFSET -> "0";
      case CONSTANT -> isNumber(hole) ? "1" : "";
      case RANGE_END ->
          last != null && WHOLE.matcher(last).matches()
              ? String.valueOf(Long.parseLong(last) + RANGE)
              : last;
      case VALUE -> column == null ? null : sampled(column, places, random);
      case ARRAY -> column == null ? null : array(column, random);
    };
  }

  private @Nullable String sampled(
      Hole.Column column, Map<String, Integer> places, SplittableRandom random) {
    int place = places.computeIfAbsent(column.table(), table -> random.nextInt(1 << 20));
    return rows.value(column, place);
  }

  private String array(Hole.Column column, SplittableRandom random) {
    StringBuilder text = new StringBuilder("{");
    for (int i = 0; i < ARRAY_VALUES; i++) {
      String value = rows.value(column, random.nextInt(1 << 20));
      text.append(i == 0 ? "" : ",");
      text.append(
          value == null ? "NULL" : '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"');
    }
    return text.append('}').toString();
  }

  private static boolean isNumber(Hole hole) {
    return hole.type() == '4' || hole.type() == '8' || hole.type() == 'n';
  }

  /** Of the type that the fingerprint tells, so that the statement keeps its fingerprint. */
  private static String literal(Hole hole, @Nullable String value) {
    if (!isNumber(hole)) {
      return Call.literal(value == null ? "" : value);
    }
    if (value == null) {
      return "0";
    }
    String digits = value.startsWith("-") ? value.substring(1) : value;
    return NUMBER.matcher(digits).matches() ? digits : "0";
  }
}
