package dev.crossfade.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.api.v1.Stage;
import dev.crossfade.server.console.live.LivePages;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pages as they change. */
class ConsoleLiveIT {
  private static final String NAME = "split-customers";
  private static final Duration BOUND = Duration.ofSeconds(30);

  private final List<Stream> streams = new ArrayList<>();
  private ConsoleScene scene;

  /** A connection that a page holds open. */
  private static final class Stream implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader lines;

    Stream(int port, String path) throws IOException {
      socket = new Socket("127.0.0.1", port);
      socket.setSoTimeout((int) BOUND.toMillis());
      socket
          .getOutputStream()
          .write(
              ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      lines =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    String status() throws IOException {
      return String.valueOf(lines.readLine());
    }

    /** Reads on to the line that has this in it. */
    String await(String part) throws IOException {
      String line = lines.readLine();
      while (line != null && !line.contains(part)) {
        line = lines.readLine();
      }
      return String.valueOf(line);
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  @BeforeEach
  void start() throws Exception {
    scene = ConsoleScene.start(TestDatabases.create(), null);
    scene.apply(NAME);
  }

  @AfterEach
  void stop() throws IOException {
    for (Stream stream : streams) {
      stream.close();
    }
    scene.close();
  }

  private Stream open(String path) throws IOException {
    Stream stream = new Stream(scene.port(), path);
    streams.add(stream);
    return stream;
  }

  @Test
  void whatChangesIsSentToEveryWindow() throws Exception {
    Stream one = open("/live/migrations/" + NAME);
    Stream other = open("/live/migrations/" + NAME);
    Stream overview = open("/live");
    for (Stream stream : streams) {
      assertThat(stream.status()).isEqualTo("HTTP/1.1 200 OK");
      assertThat(stream.await("Content-Type: ")).endsWith("text/event-stream; charset=utf-8");
      assertThat(stream.await("aria-current=\"step\"")).contains("OFF");
    }
    scene.stage(NAME, Stage.STAGE_DUAL_WRITE);
    for (Stream stream : streams) {
      assertThat(stream.await("aria-current=\"step\"")).contains("DUAL_WRITE");
    }
    one.close();
    scene.stage(NAME, Stage.STAGE_SHADOW);
    assertThat(other.await("aria-current=\"step\"")).contains("SHADOW");
    assertThat(overview.await("aria-current=\"step\"")).contains("SHADOW");
  }

  @Test
  void asManyWindowsAreKeptUpToDateAsThereIsRoomFor() throws Exception {
    for (int i = 0; i < LivePages.STREAMS_MAX; i++) {
      Stream stream = open("/live/migrations/" + NAME);
      assertThat(stream.status()).isEqualTo("HTTP/1.1 200 OK");
      stream.await("event: standing");
    }
    Stream tooMany = open("/live");
    assertThat(tooMany.status()).isEqualTo("HTTP/1.1 503 Service Unavailable");
    assertThat(tooMany.await("as many windows are kept up to date")).contains("(100)");
    assertThat(scene.page("/").statusCode()).isEqualTo(200);
    streams.getFirst().close();
    Awaitility.await().atMost(BOUND).until(() -> open("/live").status(), "HTTP/1.1 200 OK"::equals);
  }

  @Test
  void whatIsNoLongerThereIsSaid() throws Exception {
    Stream stream = open("/live/migrations/absent");
    assertThat(stream.status()).isEqualTo("HTTP/1.1 200 OK");
    assertThat(stream.await("What is shown may be out of date"))
        .contains("there is no migration &#39;absent&#39;");
  }
}
