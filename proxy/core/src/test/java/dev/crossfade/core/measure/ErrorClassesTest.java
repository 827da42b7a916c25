package dev.crossfade.core.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ErrorClassesTest {
  @Test
  void aSqlstateIsOfItsFirstTwoCharactersAndWhatIsMadeUpIsOfOneClass() {
    assertThat(ErrorClasses.name(ErrorClasses.of("23505"))).isEqualTo("23");
    assertThat(ErrorClasses.name(ErrorClasses.of("CF001"))).isEqualTo("CF");
    assertThat(ErrorClasses.of("57014")).isEqualTo(ErrorClasses.INTERVENTION);
    assertThat(ErrorClasses.of("08006")).isEqualTo(ErrorClasses.CONNECTION);
    assertThat(ErrorClasses.of("AB123")).isEqualTo(ErrorClasses.OTHER);
    assertThat(ErrorClasses.of("")).isEqualTo(ErrorClasses.OTHER);
    assertThat(ErrorClasses.of("other")).isEqualTo(ErrorClasses.OTHER);
  }

  @Test
  void eachNameIsReadAsItsClass() {
    Set<String> names = new HashSet<>();
    for (int index = 0; index < ErrorClasses.COUNT; index++) {
      assertThat(ErrorClasses.of(ErrorClasses.name(index))).isEqualTo(index);
      assertThat(names.add(ErrorClasses.name(index))).isTrue();
    }
  }
}
