package dev.crossfade.sidecar.control;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.crossfade.api.v1.Snapshot;
import dev.crossfade.sidecar.config.ProcessName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last snapshot that was in force, on disk, so that a sidecar starts without the control plane.
 *
 * <pre>
 * control-snapshot.bin
 *   0   8 bytes  "CFSNAP01"
 *   8   4 bytes  length of the body, big-endian, at most 8 MiB
 *  12  32 bytes  SHA-256 of the body
 *  44            the body: a crossfade.v1.Snapshot with nonce 0
 * </pre>
 *
 * <p>Written beside, synced and renamed: a crash leaves the one before. A file that does not check
 * out is reported and ignored. Used by one thread at a time.
 */
final class LastGoodSnapshot {
  static final String FILE_NAME = "control-snapshot.bin";
  private static final Logger LOG = LoggerFactory.getLogger(LastGoodSnapshot.class);
  private static final byte[] MAGIC = "CFSNAP01".getBytes(StandardCharsets.US_ASCII);
  private static final int DIGEST_BYTES = 32;
  private static final int HEADER_BYTES = MAGIC.length + Integer.BYTES + DIGEST_BYTES;
  private static final int BODY_MAX_BYTES = 8 << 20;

  /** Nobody writes one for so long. */
  private static final Duration UNFINISHED_MAX = Duration.ofMinutes(10);

  private final Path directory;
  private final Path file;

  LastGoodSnapshot(Path directory) {
    this.directory = directory;
    this.file = directory.resolve(FILE_NAME);
  }

  /** The snapshot, or empty when there is none or it is broken. */
  Optional<Snapshot> load() {
    removeUnfinished();
    try {
      long size = Files.size(file);
      if (size > HEADER_BYTES + BODY_MAX_BYTES) {
        return broken("it has " + size + " bytes, more than a snapshot can have");
      }
      return parse(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      return broken(e.toString());
    }
  }

  /** What processes that were killed while they saved one have left. */
  private void removeUnfinished() {
    Instant before = Instant.now().minus(UNFINISHED_MAX);
    try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, FILE_NAME + ".*.tmp")) {
      for (Path one : found) {
        if (Files.getLastModifiedTime(one).toInstant().isBefore(before)) {
          Files.deleteIfExists(one);
        }
      }
    } catch (NoSuchFileException e) {
      LOG.atDebug().setCause(e).log("Nothing has been saved yet");
    } catch (IOException | DirectoryIteratorException e) {
      LOG.atWarn()
          .addKeyValue("directory", directory)
          .addKeyValue("reason", e.toString())
          .log("Unfinished snapshots cannot be removed");
    }
  }

  private Optional<Snapshot> parse(byte[] content) {
    if (content.length < HEADER_BYTES
        || !Arrays.equals(content, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      return broken("it does not begin as a snapshot of this format");
    }
    ByteBuffer buffer = ByteBuffer.wrap(content, MAGIC.length, content.length - MAGIC.length);
    int length = buffer.getInt();
    byte[] digest = new byte[DIGEST_BYTES];
    buffer.get(digest);
    if (length != buffer.remaining()) {
      return broken(
          "its body has "
              + buffer.remaining()
              + " bytes, not the "
              + length
              + " that it announces");
    }
    byte[] body = Arrays.copyOfRange(content, HEADER_BYTES, content.length);
    if (!MessageDigest.isEqual(digest, sha256(body))) {
      return broken("its checksum does not match");
    }
    try {
      return Optional.of(Snapshot.parseFrom(body));
    } catch (InvalidProtocolBufferException e) {
      return broken(e.getMessage());
    }
  }

  private Optional<Snapshot> broken(@Nullable String reason) {
    LOG.atWarn()
        .addKeyValue("file", file)
        .addKeyValue("reason", reason)
        .log("The snapshot on disk is unusable and is ignored");
    return Optional.empty();
  }

  /**
   * Replaces the snapshot on disk.
   *
   * @throws IOException when it could not be made durable; the one before is still there
   */
  void save(Snapshot snapshot) throws IOException {
    byte[] body = snapshot.toBuilder().clearNonce().build().toByteArray();
    if (body.length > BODY_MAX_BYTES) {
      throw new IOException(
          "a snapshot of " + body.length + " bytes is over the limit of " + BODY_MAX_BYTES);
    }
    ByteBuffer content = ByteBuffer.allocate(HEADER_BYTES + body.length);
    content.put(MAGIC).putInt(body.length).put(sha256(body)).put(body).flip();
    Files.createDirectories(directory);
    // Another process may be about to take this one's place, and save its own.
    Path beside = directory.resolve(FILE_NAME + '.' + ProcessName.get() + ".tmp");
    try (FileChannel channel =
        FileChannel.open(
            beside,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      while (content.hasRemaining()) {
        channel.write(content);
      }
      channel.force(true);
    }
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel entry = FileChannel.open(directory, StandardOpenOption.READ)) {
      entry.force(true);
    }
  }

  private static byte[] sha256(byte[] body) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(body);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
