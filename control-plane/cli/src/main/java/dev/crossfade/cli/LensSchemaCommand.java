package dev.crossfade.cli;

import dev.crossfade.sql.lens.MigrationSchema;
import java.io.PrintWriter;
import picocli.CommandLine.Command;

/** {@code ctl lens schema}. */
@Command(
    name = "schema",
    description = "Prints the JSON Schema of a migration file, for editors.",
    footer = "  crossfade ctl lens schema > migration.schema.json")
final class LensSchemaCommand extends LocalCommand {
  @Override
  int run(Output output, PrintWriter err) {
    output.print(MigrationSchema.json().stripTrailing());
    return 0;
  }
}
