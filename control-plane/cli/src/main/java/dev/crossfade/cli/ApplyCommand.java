package dev.crossfade.cli;

import dev.crossfade.api.v1.ApplyRequest;
import dev.crossfade.api.v1.MigrationResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ctl apply -f FILE}. */
@Command(
    name = "apply",
    description = "Adds a migration to the catalog, or replaces its file while it is OFF.",
    footer = "  crossfade ctl apply -f split-customers.yaml --reason \"one table per concern\"")
final class ApplyCommand extends CtlCommand {
  private static final int FILE_MAX_BYTES = 256 << 10;
  private static final String STANDARD_INPUT = "-";

  @Option(
      names = {"-f", "--file"},
      required = true,
      paramLabel = "FILE",
      description = "The migration file; - for standard input.")
  private String file = "";

  @Option(
      names = "--if-version",
      paramLabel = "N",
      description = "Only if the migration is at this version; 0: only if it does not exist.")
  private @Nullable Long ifVersion;

  @Mixin private ChangeOptions change = new ChangeOptions();

  @Override
  void on(Connection connection) throws UsageException {
    ApplyRequest.Builder request =
        ApplyRequest.newBuilder()
            .setYaml(read())
            .setSource(file.equals(STANDARD_INPUT) ? "standard input" : file)
            .setNote(change.note(main()));
    if (ifVersion != null) {
      request.setExpectedVersion(ifVersion);
    }
    MigrationResponse response = connection.migrations().apply(request.build());
    Answers.changed(connection, response);
  }

  private String read() throws UsageException {
    try (InputStream input =
        file.equals(STANDARD_INPUT) ? System.in : Files.newInputStream(Path.of(file))) {
      byte[] bytes = input.readNBytes(FILE_MAX_BYTES + 1);
      if (bytes.length > FILE_MAX_BYTES) {
        throw new UsageException(
            file
                + " is larger than "
                + FILE_MAX_BYTES
                + " bytes, the most a migration file may have");
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new UsageException(file + " is not UTF-8 text");
    } catch (NoSuchFileException e) {
      throw new UsageException("there is no file " + file);
    } catch (AccessDeniedException e) {
      throw new UsageException("the file " + file + " may not be read");
    } catch (IOException e) {
      throw new UsageException("the file " + file + " cannot be read: " + e.getMessage());
    }
  }
}
