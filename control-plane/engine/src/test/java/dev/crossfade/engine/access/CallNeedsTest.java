package dev.crossfade.engine.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallNeedsTest {
  /** What only looks is named so. */
  private static final Pattern LOOKS =
      Pattern.compile(".*/(Get|List|Watch|Check|Verify|WhoAmI|ServerReflectionInfo).*");

  @Test
  void whoOnlyLooksCanCallOnlyWhatLooks() {
    CallNeeds.all()
        .forEach(
            (method, need) -> {
              if (need != Need.SIDECAR && need.isMetBy(Role.VIEWER)) {
                assertThat(method).matches(LOOKS);
              }
            });
  }

  @Test
  void aSidecarMayFollowAndAskWhoItIs() {
    assertThat(
            CallNeeds.all().entrySet().stream()
                .filter(call -> call.getValue() != Need.NOTHING)
                .filter(call -> call.getValue().isMetBy(Role.SIDECAR))
                .map(call -> call.getKey()))
        .containsExactlyInAnyOrder(
            "crossfade.v1.SidecarService/Connect", "crossfade.v1.AccessService/WhoAmI");
  }

  @Test
  void onlyASidecarFollows() {
    assertThat(CallNeeds.of("crossfade.v1.SidecarService/Connect")).contains(Need.SIDECAR);
    assertThat(EnumSet.allOf(Role.class).stream().filter(Need.SIDECAR::isMetBy))
        .containsExactly(Role.SIDECAR);
  }

  @ParameterizedTest
  @CsvSource({
    "VIEWER,   VIEWER,   true",
    "VIEWER,   OPERATOR, false",
    "OPERATOR, VIEWER,   true",
    "OPERATOR, ADMIN,    false",
    "ADMIN,    OPERATOR, true",
    "ADMIN,    SIDECAR,  false",
    "SIDECAR,  VIEWER,   false",
    "SIDECAR,  SIDECAR,  true",
  })
  void aRoleIncludesThoseBelow(Role role, Role needed, boolean includes) {
    assertThat(role.includes(needed)).isEqualTo(includes);
  }
}
