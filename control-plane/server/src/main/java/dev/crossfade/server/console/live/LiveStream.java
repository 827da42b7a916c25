package dev.crossfade.server.console.live;

import io.vertx.core.Context;
import io.vertx.core.http.HttpServerResponse;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The connection of one open page. Lives on the event loop of that connection. A browser that does
 * not keep up misses what was replaced meanwhile, and gets the newest.
 */
final class LiveStream {
  private static final String LINE_END = "\\r\\n|\\r|\\n";

  private final Context loop;
  private final HttpServerResponse response;
  private final Map<String, String> waiting = new LinkedHashMap<>();
  private boolean over;

  LiveStream(Context loop, HttpServerResponse response) {
    this.loop = loop;
    this.response = response;
  }

  /** Begins the answer; on the loop. */
  void begin() {
    response
        .putHeader("Content-Type", "text/event-stream; charset=utf-8")
        .putHeader("X-Accel-Buffering", "no")
        .setChunked(true)
        .drainHandler(drained -> flush());
    response.write("retry: 1000\n\n");
  }

  /** Sends parts by their ids; from any thread. */
  void send(Map<String, String> parts) {
    loop.runOnContext(
        now -> {
          waiting.putAll(parts);
          flush();
        });
  }

  /** A sign of life, so that who is gone is noticed; from any thread. */
  void beat() {
    loop.runOnContext(
        now -> {
          if (isWritable()) {
            response.write(":\n\n");
          }
        });
  }

  /** Ends it; from any thread. The browser comes back, and is asked anew who it is. */
  void end() {
    loop.runOnContext(
        now -> {
          if (!over && !response.ended() && !response.closed()) {
            response.end();
          }
          over = true;
        });
  }

  private boolean isWritable() {
    return !over && !response.ended() && !response.closed() && !response.writeQueueFull();
  }

  private void flush() {
    var parts = waiting.entrySet().iterator();
    while (parts.hasNext() && isWritable()) {
      Map.Entry<String, String> part = parts.next();
      parts.remove();
      response.write(event(part.getKey(), part.getValue()));
    }
  }

  /** Whatever ends a line in the text begins another one of data, or it could forge an event. */
  static String event(String name, String html) {
    StringBuilder event = new StringBuilder("event: ").append(name).append('\n');
    for (String line : html.split(LINE_END, -1)) {
      event.append("data: ").append(line).append('\n');
    }
    return event.append('\n').toString();
  }
}
