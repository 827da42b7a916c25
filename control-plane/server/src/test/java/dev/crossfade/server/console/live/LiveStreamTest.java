package dev.crossfade.server.console.live;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LiveStreamTest {
  @Test
  void aTextOfManyLinesIsOneEvent() {
    assertThat(LiveStream.event("history", "a\nb"))
        .isEqualTo("event: history\ndata: a\ndata: b\n\n");
    assertThat(LiveStream.event("move", "")).isEqualTo("event: move\ndata: \n\n");
  }

  @Test
  void noTextForgesAnEvent() {
    for (String end : new String[] {"\n", "\r", "\r\n", "\n\n", "\r\r"}) {
      String event = LiveStream.event("history", "why" + end + "event: standing" + end + "data: x");
      assertThat(event.lines().filter(line -> !line.isEmpty()).skip(1))
          .allMatch(line -> line.startsWith("data: "));
      assertThat(event).endsWith("\n\n").doesNotContain("\r");
      assertThat(event.substring(0, event.length() - 2)).doesNotContain("\n\n");
    }
  }
}
