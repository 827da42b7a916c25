package dev.crossfade.postgresql.type;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.postgresql.type.UserType.Kind;
import dev.crossfade.postgresql.type.UserType.Name;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TypeMappingTest {
  private static final int INT4 = 23;
  private static final int DATE = 1082;
  private static final int TIMESTAMPTZ = 1184;

  /** An OID above 2^31, as they come after a long life. */
  private static final int HIGH = -5;

  private static UserType type(int oid, String name, Kind kind, String definition, Integer... of) {
    return new UserType(oid, new Name("public", name), kind, definition, List.of(of), true);
  }

  private static UserTypes types(UserType... types) {
    Map<Integer, UserType> byOid = new HashMap<>();
    for (UserType type : types) {
      byOid.put(type.oid(), type);
    }
    return new UserTypes(byOid);
  }

  @Test
  void typesAreTheSameByNameAndArraysByTheirElements() {
    TypeMapping mapping =
        new TypeMapping(
            types(
                type(HIGH, "mood", Kind.ENUM, "a,b"),
                type(20_001, "_mood", Kind.ARRAY, "", HIGH),
                type(20_002, "pair", Kind.COMPOSITE, "x,y", INT4, 20_001)),
            types(
                type(30_000, "mood", Kind.ENUM, "a,b"),
                type(30_001, "_mood1", Kind.ARRAY, "", 30_000),
                type(30_002, "pair", Kind.COMPOSITE, "x,y", INT4, 30_001)));
    assertThat(mapping.answering(HIGH)).isEqualTo(30_000);
    assertThat(mapping.answering(20_001)).isEqualTo(30_001);
    assertThat(mapping.answering(20_002)).isEqualTo(30_002);
    assertThat(mapping.asked(30_001)).isEqualTo(20_001);
    assertThat(mapping.answering(INT4)).isEqualTo(INT4);
    assertThat(mapping.layoutOf(HIGH)).isNull();
    assertThat(mapping.layoutOf(20_002))
        .isEqualTo(
            new Layout.Fields(
                List.of(
                    new Layout.Part(INT4, INT4, null),
                    new Layout.Part(
                        20_001, 30_001, new Layout.ArrayOf(new Layout.Part(HIGH, 30_000, null))))));
    assertThat(mapping.steadyNames())
        .contains(List.of("mood"), List.of("public", "pair"))
        .doesNotContain(List.of("_mood"));
  }

  @Test
  void whatIsMadeInAnotherWayHasNoPartnerAndNeitherHasWhatIsMadeOfIt() {
    TypeMapping mapping =
        new TypeMapping(
            types(
                type(20_000, "mood", Kind.ENUM, "a,b"),
                type(20_001, "_mood", Kind.ARRAY, "", 20_000),
                type(20_002, "felt", Kind.DOMAIN, "", 20_000),
                type(20_003, "gone", Kind.ENUM, "a"),
                type(20_004, "other", Kind.DOMAIN, "", INT4)),
            types(
                type(30_000, "mood", Kind.ENUM, "b,a"),
                type(30_001, "_mood", Kind.ARRAY, "", 30_000),
                type(30_002, "felt", Kind.DOMAIN, "", 30_000),
                type(30_004, "other", Kind.ENUM, "")));
    for (int oid = 20_000; oid <= 20_004; oid++) {
      assertThat(mapping.answering(oid)).isZero();
      assertThat(mapping.refusal(oid)).isNotNull();
    }
    assertThat(mapping.refusal(20_000)).contains("public.mood", "labels");
    assertThat(mapping.refusal(20_003)).contains("no type public.gone");
    assertThat(mapping.refusal(99_999)).isNull();
    assertThat(mapping.answering(99_999)).isZero();
    assertThat(mapping.asked(30_000)).isZero();
    assertThat(mapping.steadyNames()).isEmpty();
  }

  @Test
  void plansStayRightWhileTheirTypesHaveTheSamePartners() {
    UserType mood = type(20_000, "mood", Kind.ENUM, "a");
    UserType flag = type(20_001, "flag", Kind.ENUM, "x");
    UserType moodOnNew = type(30_000, "mood", Kind.ENUM, "a");
    TypeMapping one = new TypeMapping(types(mood), types(moodOnNew));
    TypeMapping added =
        new TypeMapping(types(mood, flag), types(moodOnNew, type(30_001, "flag", Kind.ENUM, "x")));
    TypeMapping anew = new TypeMapping(types(mood), types(type(30_009, "mood", Kind.ENUM, "a")));
    TypeMapping another =
        new TypeMapping(
            types(type(20_000, "mood", Kind.ENUM, "a,b")),
            types(type(30_000, "mood", Kind.ENUM, "a,b")));
    assertThat(added.keeps(one)).isTrue();
    assertThat(one.keeps(TypeMapping.NONE)).isTrue();
    assertThat(one.keeps(added)).isFalse();
    assertThat(anew.keeps(one)).isFalse();
    assertThat(another.keeps(one)).isFalse();
    assertThat(new TypeMapping(types(mood), types()).keeps(one)).isFalse();
  }

  @Test
  void aNameThatIsNotUniqueNeedsItsSchema() {
    UserType hidden =
        new UserType(20_000, new Name("public", "mood"), Kind.ENUM, "a", List.of(), false);
    TypeMapping mapping =
        new TypeMapping(types(hidden), types(type(30_000, "mood", Kind.ENUM, "a")));
    assertThat(mapping.steadyNames()).containsExactly(List.of("public", "mood"));
  }

  @Test
  void valuesAreSeenAsTheirBaseAndAsMomentsWhereTheyMayHoldOne() {
    UserTypes both =
        types(
            type(20_000, "count", Kind.DOMAIN, "", INT4),
            type(20_001, "count2", Kind.DOMAIN, "", 20_000),
            type(20_002, "day", Kind.DOMAIN, "", DATE),
            type(20_003, "stay", Kind.COMPOSITE, "a,b", INT4, 20_002),
            type(20_004, "_stay", Kind.ARRAY, "", 20_003),
            type(20_005, "mood", Kind.ENUM, "a"));
    TypeMapping mapping = new TypeMapping(both, both);
    assertThat(mapping.seenAs(20_001)).isEqualTo(INT4);
    assertThat(mapping.seenAs(20_004)).isEqualTo(TIMESTAMPTZ);
    assertThat(mapping.seenAs(20_005)).isEqualTo(20_005);
    assertThat(mapping.seenAs(INT4)).isEqualTo(INT4);
    assertThat(mapping.layoutOf(20_004)).isNull();
  }
}
