package dev.crossfade.sql.write;

import dev.crossfade.core.schema.ColumnShape;
import dev.crossfade.sql.lens.Refusal;
import dev.crossfade.sql.lens.Sql;
import dev.crossfade.sql.lens.StatementAnalyzer;
import dev.crossfade.sql.lens.Translation.Splice;
import dev.crossfade.sql.parse.StatementOutline;
import dev.crossfade.sql.parse.StatementOutline.Table;
import dev.crossfade.sql.parse.Tokens;
import dev.crossfade.sql.parse.WriteOutline;
import dev.crossfade.sql.parse.WriteOutline.Span;
import dev.crossfade.sql.parse.WriteOutline.Target;
import dev.crossfade.sql.write.WriteTranslation.Answer;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * SELECT ... FOR UPDATE or SHARE over one table: the rows are locked first, then the query runs
 * over those that were, without its locking clause.
 */
final class LockingReads {
  private final Tokens tokens;
  private final StatementOutline names;

  LockingReads(Tokens tokens, StatementOutline names) {
    this.tokens = tokens;
    this.names = names;
  }

  WriteTranslation translate(
      StatementAnalyzer reads, Found found, Function<WriteTarget, Defaults> defaults)
      throws RefusedException {
    List<Table> top = names.tables().stream().filter(Table::topLevel).toList();
    if (top.size() != 1 || top.getFirst().columnAliases() || top.getFirst().only()) {
      throw unusual(0, "a locking read of other than one table");
    }
    Table table = top.getFirst();
    Target name = new Target(table.parts(), table.first(), table.alias(), false);
    WriteTarget target = found.table(name);
    found.add(reads.migrations(names));
    SqlText direct = direct(target, table);
    if (direct != null) {
      return WriteTranslation.of(new Answer.AsItIs(), direct.build(tokens.count()));
    }
    Words words = new Words(tokens);
    int start = words.at();
    if (!words.take("SELECT") || tokens.isWord(words.at(), "DISTINCT")) {
      throw unusual(words.at(), "a locking read that is no plain SELECT");
    }
    words.skipTo(List.of("FROM"));
    words.take("FROM");
    int from = words.at();
    words.skipTo(List.of("WHERE", "ORDER", "LIMIT", "OFFSET", "FETCH", "FOR", "GROUP", "WINDOW"));
    Span items = words.since(from);
    Span head = words.since(start);
    Span where = null;
    if (words.take("WHERE")) {
      int condition = words.at();
      words.skipTo(List.of("ORDER", "LIMIT", "OFFSET", "FETCH", "FOR", "GROUP", "WINDOW"));
      where = words.since(condition);
    }
    int order = words.at();
    words.skipTo(List.of("LIMIT", "OFFSET", "FETCH", "FOR", "GROUP", "WINDOW"));
    Span sorted = words.since(order);
    int limit = words.at();
    words.skipTo(List.of("FOR", "GROUP", "WINDOW"));
    Span limited = words.since(limit);
    if (items == null || head == null || !words.take("FOR")) {
      throw unusual(words.at() - 1, "a locking read that is no plain SELECT");
    }
    if (limited != null && sorted != null && countsColumns(sorted)) {
      throw unusual(order, "a locking read with a limit, sorted by the number of a column");
    }
    Locking.Strength strength = strength(words);
    Request request =
        new Request(
            new WriteOutline.Delete(name, null, null, where, null),
            target,
            tokens,
            new SqlText(reads.splices(names)),
            defaults.apply(target));
    SqlText keys = request.text().add("SELECT " + Locking.keyColumns(request) + " FROM ");
    keys.add(items).addCondition(" WHERE ", where);
    if (limited != null) {
      if (sorted != null) {
        keys.add(" ").add(sorted);
      }
      keys.add(" ").add(limited);
    }
    SqlText lock = Locking.ofKeys(request, request.with(), keys, strength);
    SqlText read = request.text().add(head).add(" WHERE " + Locking.isNoted(request));
    read.addCondition(" AND ", where);
    if (sorted != null) {
      read.add(" ").add(sorted);
    }
    return WriteTranslation.of(
        new Answer.AsItIs(), lock.build(tokens.count()), read.build(tokens.count()));
  }

  /** The statement with the stored table's names; null when it is not certain what it means. */
  private @Nullable SqlText direct(WriteTarget target, Table table) {
    Renaming renaming = target.renaming();
    if (renaming == null || names.tables().size() != 1) {
      return null;
    }
    RenamedNames renamed = new RenamedNames(tokens, renaming, table.qualifier(), false);
    List<Splice> splices = renamed.splices(names.columns(), true);
    Words words = new Words(tokens);
    words.take("SELECT");
    int list = words.at();
    words.skipTo(List.of("FROM"));
    Span selected = words.since(list);
    int from = words.at();
    words.skipTo(List.of("ORDER"));
    boolean sorts = !words.isAtEnd();
    if (splices == null
        || selected == null
        || renamed.hasQueries()
        || sorts && !renamed.isPlain(selected)) {
      return null;
    }
    String alias = table.alias() == null ? " AS " + Sql.quote(table.qualifier()) : "";
    byte[] stored = (renaming.stored() + alias).getBytes(StandardCharsets.UTF_8);
    splices.add(new Splice(table.first(), table.end(), stored));
    splices.sort(Comparator.comparingInt(Splice::first));
    SqlText text = new SqlText(splices);
    List<String> all = target.shape().columns().stream().map(ColumnShape::name).toList();
    SqlText elements = renamed.selected(selected, all, text);
    return elements == null
        ? null
        : text.piece()
            .add("SELECT ")
            .add(elements)
            .add(" ")
            .add(new Span(from, tokens.statementEnd(0)));
  }

  /** ORDER BY 1 is another column where only keys are selected. */
  private boolean countsColumns(Span sorted) {
    for (int token = sorted.first(); token < sorted.end(); token++) {
      boolean first = token == sorted.first() + 2 || tokens.isPunctuation(token - 1, ',');
      if (first && tokens.kind(token) == Tokens.NUMBER) {
        return true;
      }
    }
    return false;
  }

  private Locking.Strength strength(Words words) throws RefusedException {
    int token = words.at();
    boolean no = words.take("NO");
    boolean key = words.take("KEY");
    boolean update = words.take("UPDATE");
    boolean share = !update && words.take("SHARE");
    if (words.take("OF") && words.name() == null) {
      throw unusual(token, "a locking clause that is not known");
    }
    boolean patient = !words.take("NOWAIT");
    if (!words.isAtEnd() || !update && !share || no != (key && update)) {
      throw unusual(token, "a locking clause that is not known");
    }
    if (update) {
      return no
          ? patient ? Locking.Strength.NO_KEY_UPDATE : Locking.Strength.NO_KEY_UPDATE_NOWAIT
          : patient ? Locking.Strength.UPDATE : Locking.Strength.UPDATE_NOWAIT;
    }
    if (!patient) {
      throw unusual(token, "FOR SHARE NOWAIT");
    }
    return key ? Locking.Strength.KEY_SHARE : Locking.Strength.SHARE;
  }

  private static RefusedException unusual(int token, String detail) {
    return new RefusedException(Refusal.UNSUPPORTED_SYNTAX, token, detail);
  }
}
