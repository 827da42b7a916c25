package dev.crossfade.inspect.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseUrlTest {
  @Test
  void everyUsualFormIsTaken() {
    assertThat(DatabaseUrl.parse("postgresql://ann@db:6432/shop?sslmode=require", "s", "me"))
        .isEqualTo(new DatabaseUrl("jdbc:postgresql://db:6432/shop?sslmode=require", "ann", "s"));
    assertThat(DatabaseUrl.parse("jdbc:postgresql://db/shop", null, "me"))
        .isEqualTo(new DatabaseUrl("jdbc:postgresql://db:5432/shop", "me", null));
    assertThat(DatabaseUrl.parse("postgres://[::1]:5433/shop?user=bob", null, "me").user())
        .isEqualTo("bob");
  }

  @Test
  void aPasswordIsNeverShown() {
    assertThat(DatabaseUrl.parse("postgresql://ann@db/shop", "s3cret", "me").toString())
        .isEqualTo("jdbc:postgresql://db:5432/shop as ann");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://ann:s3cret@db/shop",
        "postgresql://db/shop?password=s3cret",
        "jdbc:postgresql://db/shop?ssl=true&password=s3cret",
        "mysql://ann:s3cret@db/shop",
        "postgresql://ann:s3cret@db/shop|",
        "postgresql://db",
        "shop",
        ""
      })
  void whatCanNotBeRightIsRefusedWithoutRepeatingIt(String text) {
    assertThatThrownBy(() -> DatabaseUrl.parse(text, null, "me"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasNoCause()
        .message()
        .doesNotContain("s3cret");
  }

  @Test
  void itsPlaceIsWithoutUserAndParameters() {
    assertThat(
            DatabaseUrl.parse("postgresql://ada@db:6000/shop?sslmode=require", null, "me").place())
        .isEqualTo("db:6000/shop");
    assertThat(DatabaseUrl.parse("postgresql://db/shop", null, "me").place())
        .isEqualTo("db:5432/shop");
  }
}
