package dev.crossfade.server.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.sql.yaml.InvalidFileException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabasesFileTest {
  private static final Map<String, String> ENVIRONMENT = Map.of("NEW_PASSWORD", "s3cret-new");

  @TempDir Path folder;

  private DatabasesFile file(String text) throws Exception {
    return new DatabasesFile(
        Files.writeString(folder.resolve("databases.yaml"), text), ENVIRONMENT);
  }

  @Test
  void aMigrationHasItsOwnOrTheDefault() throws Exception {
    Files.writeString(folder.resolve("old.secret"), "s3cret-old\n");
    DatabasesFile file =
        file(
            """
            default:
              old: {url: "postgresql://mirror@db-old/shop", passwordFile: old.secret}
              new: {url: "postgresql://mirror@db-new:5433/shop?sslmode=require", passwordVariable: NEW_PASSWORD}
            migrations:
              invoices:
                old: {url: "postgresql://x@y/z", password: plain}
                new: {url: "postgresql://x@y/z2"}
            """);
    DatabasesFile.Sides usual = file.of("split-customers").orElseThrow();
    assertThat(usual.old().jdbc()).isEqualTo("jdbc:postgresql://db-old:5432/shop");
    assertThat(usual.old().user()).isEqualTo("mirror");
    assertThat(usual.old().password()).isEqualTo("s3cret-old");
    assertThat(usual.next().jdbc()).isEqualTo("jdbc:postgresql://db-new:5433/shop?sslmode=require");
    assertThat(usual.next().password()).isEqualTo("s3cret-new");
    DatabasesFile.Sides own = file.of("invoices").orElseThrow();
    assertThat(own.old().password()).isEqualTo("plain");
    assertThat(own.next().password()).isNull();
    assertThat(usual + " " + own + " " + file).doesNotContain("s3cret").doesNotContain("plain");
  }

  @Test
  void passwordsThatChangeAreReadAgain() throws Exception {
    Path secret = Files.writeString(folder.resolve("secret"), "first");
    DatabasesFile file =
        file(
            """
            migrations:
              a: {old: {url: "postgresql://x@y/z", passwordFile: secret}, new: {url: "postgresql://x@y/n"}}
            """);
    assertThat(file.of("a").orElseThrow().old().password()).isEqualTo("first");
    Files.writeString(secret, "second");
    assertThat(file.of("a").orElseThrow().old().password()).isEqualTo("second");
    assertThat(file.of("b")).isEmpty();
  }

  @Test
  void everythingThatIsWrongIsToldWithItsPlaceAndNoSecret() throws Exception {
    DatabasesFile file =
        file(
            """
            default:
              old: {url: "postgresql://mirror:hidden@db/shop", pasword: hidden}
              new: {url: "postgresql://mirror@db/shop", password: hidden, passwordFile: nowhere}
            migrations:
              a:
                old: {url: "nonsense", passwordVariable: MISSING}
            """);
    assertThatThrownBy(file::check)
        .isInstanceOf(InvalidFileException.class)
        .message()
        .contains("default.old.url")
        .contains("did you mean password?")
        .contains("password and passwordFile are given; keep one of them")
        .contains("migrations.a.old.url")
        .contains("the environment has no variable MISSING")
        .contains("migrations.a.new")
        .doesNotContain("hidden");
  }

  @Test
  void aFileThatIsNotThereIsSaidToBe() {
    DatabasesFile file = new DatabasesFile(folder.resolve("no.yaml"), ENVIRONMENT);
    assertThatThrownBy(file::check).isInstanceOf(NoSuchFileException.class);
  }
}
