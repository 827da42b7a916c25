package dev.crossfade.postgresql.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SessionSettingsTest {
  private static final Map<String, String> NEW = Map.of("TimeZone", "Etc/UTC", "DateStyle", "ISO");

  private final SessionSettings settings = new SessionSettings();

  SessionSettingsTest() {
    settings.reported("TimeZone", "Etc/UTC");
    settings.reported("DateStyle", "ISO");
  }

  private void set(String name, String sql, boolean inTransaction) {
    settings.set(new SessionEffect.Setting(name, sql), inTransaction);
  }

  @Test
  void whatIsAlikeNeedsNoWord() {
    assertThat(settings.statementsFor(NEW, true)).isEmpty();
  }

  @Test
  void whatOldReportsIsSaidLast() {
    set("timezone", "RESET TimeZone", false);
    settings.reported("TimeZone", "Asia/Tokyo");
    assertThat(settings.statementsFor(NEW, true))
        .isEqualTo("RESET TimeZone;SET DateStyle TO 'ISO';SET TimeZone TO 'Asia/Tokyo';");
  }

  @Test
  void aReportedChangeIsFollowedWhoeverMadeIt() {
    int before = settings.version();
    settings.reported("TimeZone", "Etc/UTC");
    settings.reported("is_superuser", "on");
    settings.reported("is_superuser", "off");
    assertThat(settings.version()).isEqualTo(before);
    settings.reported("TimeZone", "o'clock");
    assertThat(settings.version()).isGreaterThan(before);
    assertThat(settings.statementsFor(NEW, true)).isEqualTo("SET TimeZone TO 'o''clock';");
  }

  @Test
  void aUsedSessionGoesBackFirst() {
    assertThat(settings.statementsFor(NEW, false))
        .isEqualTo("RESET ALL;SET DateStyle TO 'ISO';SET TimeZone TO 'Etc/UTC';");
  }

  @Test
  void aTransactionsSettingsCountWhenItCommits() {
    set("bytea_output", "SET bytea_output TO escape", true);
    assertThat(settings.statementsFor(NEW, true)).isEmpty();
    settings.transactionEnded(false);
    assertThat(settings.statementsFor(NEW, true)).isEmpty();
    set("bytea_output", "SET bytea_output TO escape", true);
    settings.transactionEnded(true);
    assertThat(settings.statementsFor(NEW, true)).startsWith("SET bytea_output TO escape;");
  }

  @Test
  void aSavepointAmidSettingsIsBeyondFollowing() {
    settings.savepoint();
    assertThat(settings.isPinned()).isFalse();
    set("bytea_output", "SET bytea_output TO escape", true);
    settings.savepoint();
    assertThat(settings.isPinned()).isTrue();
    settings.discardAll();
    assertThat(settings.isPinned()).isFalse();
  }

  @Test
  void anUnknownSettingPins() {
    set("synchronous_commit", "SET synchronous_commit TO off", false);
    assertThat(settings.isPinned()).isFalse();
    set("search_path", "SET search_path TO other", false);
    assertThat(settings.isPinned()).isTrue();
  }

  @Test
  void moreSettingsThanTheLimitPin() {
    for (int i = 0; i <= SessionSettings.MAX_SETTINGS; i++) {
      assertThat(settings.isPinned()).isFalse();
      set("bytea_output", "SET bytea_output TO hex", true);
    }
    assertThat(settings.isPinned()).isTrue();
  }
}
