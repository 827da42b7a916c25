package dev.crossfade.postgresql.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.core.compare.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AsideTest {
  private final List<ShadowMeters.Shed> shed = new ArrayList<>();
  private final Aside aside =
      new Aside(
          new ShadowMeters() {
            @Override
            public void ended(String migration, Verdict verdict) {
              throw new AssertionError("nothing has ended");
            }

            @Override
            public void shed(Shed why) {
              shed.add(why);
            }

            @Override
            public void unfit(Unfit why) {
              throw new AssertionError("nobody has asked");
            }
          });

  @Test
  void whatGoesWrongIsCountedEachTimeAndGoesNoFurther() {
    List<String> done = new ArrayList<>();
    assertThat(aside.run(() -> done.add("first"))).isTrue();
    for (int time = 0; time < 2; time++) {
      boolean ended =
          aside.run(
              () -> {
                throw new IndexOutOfBoundsException("a frame that was not foreseen");
              });
      assertThat(ended).isFalse();
    }
    assertThat(aside.run(() -> done.add("last"))).isTrue();
    assertThat(done).containsExactly("first", "last");
    assertThat(shed).containsExactly(ShadowMeters.Shed.FAILURE, ShadowMeters.Shed.FAILURE);
  }
}
