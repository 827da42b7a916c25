package dev.crossfade.cli;

import dev.crossfade.api.v1.EntityColumn;
import dev.crossfade.api.v1.LensExplanation;
import dev.crossfade.api.v1.LensQuery;
import dev.crossfade.core.schema.TableName;
import dev.crossfade.sql.lens.LensPreview;
import dev.crossfade.sql.lens.LensPreview.Query;
import dev.crossfade.sql.lens.MigrationFile.KeyColumn;
import dev.crossfade.sql.yaml.InvalidFileException;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ctl lens explain FILE}. */
@Command(
    name = "explain",
    description = {
      "Prints the queries that a migration file comes to: down for each old table, up for each new"
          + " one. Shorthand is written out, as far as the file names its columns."
    },
    footer = "  crossfade ctl lens explain split-customers.yaml --table customers")
final class LensExplainCommand extends LocalCommand {
  @Parameters(
      index = "0",
      paramLabel = "FILE",
      description = "The migration file; - for standard input.")
  private String file = "";

  @Option(
      names = "--table",
      paramLabel = "NAME",
      description = "Only this table: name, or schema.name.")
  private @Nullable String table;

  @Override
  int run(Output output, PrintWriter err) throws UsageException {
    FileText text = FileText.read(file);
    LensPreview lens;
    try {
      lens = LensPreview.parse(text.yaml(), text.source());
    } catch (InvalidFileException e) {
      e.problems().forEach(problem -> err.println(ProblemText.line(problem)));
      return CtlMain.EXIT_USAGE;
    }
    List<Query> downs = lens.downs().stream().filter(this::isAskedFor).toList();
    List<Query> ups = lens.ups().stream().filter(this::isAskedFor).toList();
    if (downs.isEmpty() && ups.isEmpty()) {
      throw new UsageException(
          text.source() + " maps no table " + table + "; it maps " + names(lens));
    }
    if (output.isJson()) {
      output.printJson(
          LensExplanation.newBuilder()
              .setMigration(lens.file().name())
              .addAllEntityKey(
                  lens.file().entityKey().stream().map(LensExplainCommand::column).toList())
              .addAllDown(downs.stream().map(LensExplainCommand::message).toList())
              .addAllUp(ups.stream().map(LensExplainCommand::message).toList()));
      return 0;
    }
    output.print("migration  " + lens.file().name());
    output.print("entity     " + entity(lens.file().entityKey()));
    downs.forEach(query -> print(output, "old table", "down", query));
    ups.forEach(query -> print(output, "new table", "up", query));
    return 0;
  }

  private boolean isAskedFor(Query query) {
    TableName name = query.table();
    return table == null
        || table.equals(name.toString())
        || table.equals(name.name()) && name.schema().equals("public");
  }

  private static String names(LensPreview lens) {
    return Stream.concat(lens.downs().stream(), lens.ups().stream())
        .map(query -> query.table().toString())
        .distinct()
        .collect(Collectors.joining(", "));
  }

  private static String entity(List<KeyColumn> key) {
    return key.isEmpty()
        ? "a row, by the primary key of its table"
        : key.stream()
            .map(part -> part.name() + ' ' + part.type())
            .collect(Collectors.joining(", "));
  }

  private static void print(Output output, String kind, String direction, Query query) {
    output.print("");
    output.print(kind + "  " + query.table());
    output.print(
        "key        "
            + (query.entity().isEmpty() ? "its primary key" : String.join(", ", query.entity())));
    output.print(
        "reads      "
            + query.reads().stream()
                .map(TableName::toString)
                .sorted()
                .collect(Collectors.joining(", ")));
    if (!query.lossy().isEmpty()) {
      output.print("lossy      " + String.join(", ", query.lossy()));
    }
    output.print(
        direction + (query.complete() ? "" : ", without the columns that stay as they are"));
    query.sql().lines().forEach(line -> output.print("  " + line));
  }

  private static EntityColumn column(KeyColumn key) {
    return EntityColumn.newBuilder().setName(key.name()).setType(key.type()).build();
  }

  private static LensQuery message(Query query) {
    return LensQuery.newBuilder()
        .setTable(query.table().toString())
        .addAllEntity(query.entity())
        .addAllColumns(query.columns())
        .addAllReads(query.reads().stream().map(TableName::toString).sorted().toList())
        .setSql(query.sql())
        .setComplete(query.complete())
        .addAllLossy(query.lossy())
        .build();
  }
}
