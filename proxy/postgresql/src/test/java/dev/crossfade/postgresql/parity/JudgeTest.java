package dev.crossfade.postgresql.parity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.postgresql.parity.Judgement.Difference;
import dev.crossfade.postgresql.parity.Judgement.Unclear;
import dev.crossfade.postgresql.parity.Outcome.Done;
import dev.crossfade.postgresql.parity.Outcome.Refused;
import dev.crossfade.postgresql.parity.WriteForm.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

class JudgeTest {
  private static final WriteForm INSERT = new WriteForm(Kind.INSERT, false, List.of(0));
  private static final WriteForm STEADY = new WriteForm(Kind.UPDATE, true, List.of(0));
  private static final WriteForm RELATIVE = new WriteForm(Kind.UPDATE, false, List.of());
  private static final WriteForm DELETE = new WriteForm(Kind.DELETE, false, List.of());

  private static Judgement judge(WriteForm form, Outcome old, Outcome now) {
    return new Judge(form, true).judge(old, now, null);
  }

  private static Refused refused(String sqlState) {
    return new Refused(sqlState, "some_constraint");
  }

  private static Done done(String command, int rows, long... columns) {
    return new Done(command, rows, columns);
  }

  private static Judgement different(Difference kind) {
    return new Judgement.Different(kind);
  }

  private static Judgement unclear(Unclear why) {
    return new Judgement.Inconclusive(why);
  }

  @Test
  void whatNewTakesAndOldDoesNotIsADifference() {
    for (String state : List.of("23502", "23503", "23505", "23514", "23P01", "22001")) {
      assertThat(judge(INSERT, refused(state), done("INSERT", 1)))
          .isEqualTo(different(Difference.ACCEPTED));
      assertThat(judge(INSERT, refused(state), refused(state))).isEqualTo(new Judgement.Equal());
      assertThat(judge(RELATIVE, refused(state), done("UPDATE", 0)))
          .isEqualTo(unclear(Unclear.OTHER_ROWS));
    }
  }

  @Test
  void whileRowsAreCopiedThoseOfOthersMayBeMissing() {
    Judge copying = new Judge(INSERT, false);
    for (String state : List.of("23503", "23505")) {
      assertThat(copying.judge(refused(state), done("INSERT", 1), null))
          .isEqualTo(unclear(Unclear.INCOMPLETE));
    }
    assertThat(copying.judge(refused("23502"), done("INSERT", 1), null))
        .isEqualTo(different(Difference.ACCEPTED));
  }

  @Test
  void whatOldTakesAndNewDoesNotIsADifferenceUnlessItsOwnEffectExplainsIt() {
    assertThat(judge(INSERT, done("INSERT", 1), refused("23502")))
        .isEqualTo(different(Difference.REFUSED));
    assertThat(judge(STEADY, done("UPDATE", 1), refused("22001")))
        .isEqualTo(different(Difference.REFUSED));
    assertThat(judge(RELATIVE, done("UPDATE", 1), refused("42883")))
        .isEqualTo(different(Difference.REFUSED));
    assertThat(judge(INSERT, done("INSERT", 1), refused("23505")))
        .isEqualTo(unclear(Unclear.OWN_EFFECT));
    assertThat(judge(RELATIVE, done("UPDATE", 1), refused("23514")))
        .isEqualTo(unclear(Unclear.OWN_EFFECT));
    assertThat(judge(STEADY, done("UPDATE", 1), refused("23505")))
        .isEqualTo(unclear(Unclear.OTHER_ROWS));
    assertThat(judge(STEADY, done("UPDATE", 0), refused("23502")))
        .isEqualTo(unclear(Unclear.OTHER_ROWS));
  }

  /** It has no name, and asks for rows of other tables that may be on their way. */
  @Test
  void aCheckOfTheTranslationIsNoConstraintOfNew() {
    assertThat(judge(INSERT, done("INSERT", 1), new Refused("23514", "")))
        .isEqualTo(unclear(Unclear.OWN_EFFECT));
    assertThat(judge(INSERT, refused("23502"), new Refused("23514", "")))
        .isEqualTo(unclear(Unclear.OTHER_ROWS));
    assertThat(judge(INSERT, refused("23502"), refused("23514")))
        .isEqualTo(different(Difference.OTHER_ERROR));
  }

  @Test
  void whatSaysNothingOfTheStatementIsNoDifference() {
    for (String state : List.of("40001", "40P01", "55P03", "57014", "53300", "CF001")) {
      assertThat(judge(INSERT, done("INSERT", 1), refused(state)))
          .isEqualTo(unclear(Unclear.NEW_UNAVAILABLE));
    }
    assertThat(judge(INSERT, done("INSERT", 1), refused("42501")))
        .isEqualTo(unclear(Unclear.NOT_PERMITTED));
    assertThat(judge(INSERT, done("INSERT", 1), refused("0A000")))
        .isEqualTo(unclear(Unclear.NOT_TRANSLATED));
    assertThat(judge(INSERT, refused("42P01"), done("INSERT", 1)))
        .isEqualTo(unclear(Unclear.NOT_OF_VALUES));
  }

  @Test
  void numbersOfRowsCountWhereTheStatementGivesThem() {
    assertThat(judge(INSERT, done("INSERT", 2), done("INSERT", 1)))
        .isEqualTo(different(Difference.COUNT));
    assertThat(judge(DELETE, done("DELETE", 1), done("DELETE", 0)))
        .isEqualTo(unclear(Unclear.OWN_EFFECT));
    assertThat(judge(STEADY, done("UPDATE", 1), done("UPDATE", 4)))
        .isEqualTo(unclear(Unclear.OTHER_ROWS));
    assertThat(judge(RELATIVE, done("UPDATE", 1, 5), done("UPDATE", 1, 6)))
        .isEqualTo(new Judgement.Equal());
  }

  @Test
  void whatIsReturnedDiffersWhenNewStandsByIt() {
    Judge judge = new Judge(STEADY, true);
    Outcome old = done("UPDATE", 1, 5, 1);
    Outcome now = done("UPDATE", 1, 6, 2);
    assertThat(judge.judge(old, now, null)).isEqualTo(new Judgement.LookAgain());
    assertThat(judge.judge(old, now, done("UPDATE", 1, 6, 3)))
        .isEqualTo(different(Difference.ROWS));
    // A number that is drawn, a time of day.
    assertThat(judge.judge(old, now, done("UPDATE", 1, 7, 3))).isEqualTo(new Judgement.Equal());
    assertThat(judge.judge(old, done("UPDATE", 1, 5, 2), null)).isEqualTo(new Judgement.Equal());
  }
}
