package dev.crossfade.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A migration file as it was read.
 *
 * @param source its name, for messages
 */
record FileText(String yaml, String source) {
  private static final int MAX_BYTES = 256 << 10;
  private static final String STANDARD_INPUT = "-";

  /**
   * @param file its name as it was typed; - for standard input
   */
  static FileText read(String file) throws UsageException {
    try (InputStream input =
        file.equals(STANDARD_INPUT) ? System.in : Files.newInputStream(Path.of(file))) {
      byte[] bytes = input.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new UsageException(
            file + " is larger than " + MAX_BYTES + " bytes, the most a migration file may have");
      }
      String yaml = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return new FileText(yaml, file.equals(STANDARD_INPUT) ? "standard input" : file);
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
