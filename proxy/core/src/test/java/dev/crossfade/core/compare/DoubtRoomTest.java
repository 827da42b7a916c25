package dev.crossfade.core.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DoubtRoomTest {
  @Test
  void aQueryThatHasNoPlaceLeftClosesTheRoomForAllAndOthersKeepTheirPlaces() {
    DoubtRoom room = new DoubtRoom(2, 2);
    DoubtRoom.OfQuery faulty = room.ofQuery();
    DoubtRoom.OfQuery other = room.ofQuery();
    assertThat(faulty.enter()).isTrue();
    assertThat(room.isOpen()).isTrue();
    assertThat(faulty.enter()).isTrue();
    assertThat(room.isOpen()).isFalse();
    assertThat(faulty.isOpen()).isFalse();
    assertThat(faulty.enter()).isFalse();
    assertThat(other.isOpen()).isTrue();
    assertThat(other.enter()).isTrue();
    faulty.leave(false);
    assertThat(room.isOpen()).isTrue();
    assertThat(other.enter()).isTrue();
    assertThat(room.isOpen()).isFalse();
    other.leave(false);
    other.leave(false);
    faulty.leave(false);
    assertThat(room.isOpen()).isTrue();
  }

  @Test
  void onesThatAreLookedAtCloseTheRoomLongBeforeThePlacesAreTaken() {
    DoubtRoom room = new DoubtRoom(4, 2);
    DoubtRoom.OfQuery faulty = room.ofQuery();
    DoubtRoom.OfQuery other = room.ofQuery();
    assertThat(faulty.enter()).isTrue();
    assertThat(room.isOpen()).isTrue();
    assertThat(faulty.enter()).isTrue();
    assertThat(room.isOpen()).isFalse();
    assertThat(faulty.enter()).isFalse();
    assertThat(other.enter()).isTrue();
    faulty.rest();
    assertThat(room.isOpen()).isTrue();
    faulty.rest();
    assertThat(faulty.enter()).isTrue();
    // Who wakes is looked at, whoever else is.
    faulty.wake();
    faulty.wake();
    assertThat(room.isOpen()).isFalse();
    faulty.leave(false);
    assertThat(room.isOpen()).isFalse();
    faulty.leave(false);
    assertThat(room.isOpen()).isTrue();
    faulty.rest();
    other.leave(false);
    assertThat(room.isOpen()).isTrue();
  }

  @Test
  void onesThatRestHavePlacesToo() {
    DoubtRoom room = new DoubtRoom(4, 2);
    DoubtRoom.OfQuery query = room.ofQuery();
    for (int i = 0; i < 4; i++) {
      assertThat(room.isOpen()).isTrue();
      assertThat(query.enter()).isTrue();
      query.rest();
    }
    assertThat(room.isOpen()).isFalse();
    assertThat(query.enter()).isFalse();
    query.leave(true);
    assertThat(room.isOpen()).isTrue();
    assertThat(query.enter()).isTrue();
    query.leave(false);
    for (int i = 0; i < 3; i++) {
      query.leave(true);
    }
    assertThat(room.isOpen()).isTrue();
  }

  @Test
  void nothingIsLeftBehindWhenManyComeAndGo() throws Exception {
    DoubtRoom room = new DoubtRoom(3, 3);
    List<DoubtRoom.OfQuery> queries = List.of(room.ofQuery(), room.ofQuery());
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<?>> all = new ArrayList<>();
      for (int thread = 0; thread < 8; thread++) {
        DoubtRoom.OfQuery query = queries.get(thread % 2);
        all.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < 20_000; i++) {
                    if (query.enter()) {
                      boolean rests = i % 3 == 0;
                      if (rests) {
                        query.rest();
                      }
                      query.leave(rests);
                    }
                  }
                }));
      }
      for (Future<?> one : all) {
        one.get(60, TimeUnit.SECONDS);
      }
    }
    assertThat(room.isOpen()).isTrue();
    for (DoubtRoom.OfQuery query : queries) {
      for (int i = 0; i < 3; i++) {
        assertThat(query.enter()).isTrue();
      }
      assertThat(query.enter()).isFalse();
    }
    queries.forEach(
        query -> {
          query.leave(false);
          query.leave(false);
          query.leave(false);
        });
    assertThat(room.isOpen()).isTrue();
  }
}
