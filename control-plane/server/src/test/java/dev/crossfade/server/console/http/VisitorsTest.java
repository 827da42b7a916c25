package dev.crossfade.server.console.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class VisitorsTest {
  private static final Peer PEER = new Peer(InetAddress.getLoopbackAddress(), null);

  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private final Visitors visitors = new Visitors(now::get);

  private void pass(Duration time) {
    now.updateAndGet(before -> before.plus(time));
  }

  @Test
  void aCookieThatIsNoneOfOursMakesANewOne() {
    for (String cookie : new String[] {null, "", "short", "<script>", "x".repeat(44)}) {
      Visitor visitor = visitors.of(cookie, PEER);
      assertThat(visitor.id()).isNotEqualTo(cookie).matches("[A-Za-z0-9_-]{43}");
      assertThat(visitor.isLoggedIn()).isFalse();
    }
  }

  @Test
  void formsAreBoundToTheCookie() {
    Visitor one = visitors.of(null, PEER);
    Visitor other = visitors.of(null, PEER);
    assertThat(visitors.of(one.id(), PEER).csrf()).isEqualTo(one.csrf());
    assertThat(Visitors.isOwnForm(one, one.csrf())).isTrue();
    assertThat(Visitors.isOwnForm(one, other.csrf())).isFalse();
    assertThat(Visitors.isOwnForm(one, null)).isFalse();
    assertThat(new Visitors(now::get).of(one.id(), PEER).csrf()).isNotEqualTo(one.csrf());
  }

  @Test
  void whoHasLoggedInIsForgottenWhenIdleAndInTheEnd() {
    Visitor visitor = visitors.login("cf_x", PEER).orElseThrow();
    pass(Visitors.IDLE_MAX);
    assertThat(visitors.of(visitor.id(), PEER).token()).isEqualTo("cf_x");
    pass(Visitors.IDLE_MAX.plusSeconds(1));
    assertThat(visitors.of(visitor.id(), PEER).isLoggedIn()).isFalse();
    Visitor busy = visitors.login("cf_y", PEER).orElseThrow();
    for (Duration left = Visitors.LIFE_MAX; left.isPositive(); left = left.minusHours(1)) {
      assertThat(visitors.of(busy.id(), PEER).isLoggedIn()).isTrue();
      pass(Duration.ofHours(1));
    }
    pass(Duration.ofSeconds(1));
    assertThat(visitors.of(busy.id(), PEER).isLoggedIn()).isFalse();
  }

  @Test
  void whoLogsOutIsForgottenAtOnce() {
    Visitor visitor = visitors.login("cf_x", PEER).orElseThrow();
    visitors.logout(visitor);
    assertThat(visitors.of(visitor.id(), PEER).isLoggedIn()).isFalse();
  }

  @Test
  void asManyAreLetInAsThereIsRoomFor() {
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < Visitors.SESSIONS_MAX; i++) {
      ids.add(visitors.login("cf_" + i, PEER).orElseThrow().id());
    }
    assertThat(ids).hasSize(Visitors.SESSIONS_MAX);
    assertThat(visitors.login("cf_more", PEER)).isEmpty();
    pass(Visitors.IDLE_MAX.plusSeconds(1));
    assertThat(visitors.login("cf_more", PEER)).isPresent();
  }

  @Test
  void aVisitorIsWrittenWithoutItsSecrets() {
    Visitor visitor = visitors.login("cf_secret", PEER).orElseThrow();
    assertThat(visitor.toString()).doesNotContain("cf_secret", visitor.id(), visitor.csrf());
  }
}
