package dev.crossfade.sidecar.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.api.v1.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LastGoodSnapshotTest {
  @TempDir private Path directory = Path.of(".");

  @Test
  void whatIsSavedIsLoadedWithoutItsNonceAndNothingElseIsLeft() throws IOException {
    Path state = directory.resolve("not/yet/there");
    LastGoodSnapshot disk = new LastGoodSnapshot(state);
    assertThat(disk.load()).isEmpty();
    disk.save(Snapshots.of(1, 10).toBuilder().setNonce(5).build());
    disk.save(Snapshots.of(2, 20).toBuilder().setNonce(6).build());
    assertThat(new LastGoodSnapshot(state).load()).contains(Snapshots.of(2, 20));
    try (Stream<Path> files = Files.list(state)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactly(LastGoodSnapshot.FILE_NAME);
    }
  }

  @Test
  void whatKilledProcessesHaveLeftIsRemovedAndWhatIsBeingWrittenIsNot() throws IOException {
    Path left = Files.createFile(directory.resolve(LastGoodSnapshot.FILE_NAME + ".1a2b.tmp"));
    Path fresh = Files.createFile(directory.resolve(LastGoodSnapshot.FILE_NAME + ".77.tmp"));
    Path foreign = Files.createFile(directory.resolve("other.tmp"));
    FileTime before = FileTime.from(Instant.now().minus(Duration.ofMinutes(11)));
    Files.setLastModifiedTime(left, before);
    Files.setLastModifiedTime(foreign, before);
    assertThat(new LastGoodSnapshot(directory).load()).isEmpty();
    assertThat(left).doesNotExist();
    assertThat(fresh).exists();
    assertThat(foreign).exists();
  }

  @Test
  void anyChangedOrMissingByteIsFoundAndNeverFatal() throws IOException {
    LastGoodSnapshot disk = new LastGoodSnapshot(directory);
    Path file = directory.resolve(LastGoodSnapshot.FILE_NAME);
    disk.save(Snapshots.of(3, 30));
    byte[] good = Files.readAllBytes(file);
    for (int i = 0; i < good.length; i++) {
      byte[] bad = good.clone();
      bad[i] ^= 0x40;
      Files.write(file, bad);
      assertThat(disk.load()).as("byte %s changed", i).isEmpty();
      Files.write(file, Arrays.copyOf(good, i));
      assertThat(disk.load()).as("cut at %s", i).isEmpty();
    }
    Files.write(file, good);
    assertThat(disk.load()).contains(Snapshots.of(3, 30));
  }

  @Test
  void aDirectoryInItsPlaceIsReportedAndIgnored() throws IOException {
    Files.createDirectory(directory.resolve(LastGoodSnapshot.FILE_NAME));
    assertThat(new LastGoodSnapshot(directory).load()).isEmpty();
  }

  @Test
  void aSnapshotOverTheLimitIsNotSavedAndTheOneBeforeStays() throws IOException {
    LastGoodSnapshot disk = new LastGoodSnapshot(directory);
    disk.save(Snapshots.of(1, 1));
    Snapshot.Builder large = Snapshots.of(2, 2).toBuilder();
    large.getMigrationsBuilder(0).setYaml("x".repeat(9 << 20));
    assertThatThrownBy(() -> disk.save(large.build()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("limit");
    assertThat(disk.load()).contains(Snapshots.of(1, 1));
  }
}
