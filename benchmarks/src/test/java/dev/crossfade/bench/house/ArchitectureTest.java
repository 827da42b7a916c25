package dev.crossfade.bench.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.toUnmodifiableSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Which way the arrows between modules and packages point. ARCHITECTURE.md draws the same picture.
 */
final class ArchitectureTest {
  private static final JavaClasses CROSSFADE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.crossfade");

  /** Every module, with those that it may use. */
  enum Module {
    CORE,
    SQL,
    NET,
    POSTGRESQL,
    MIRROR,
    API,
    SIDECAR,
    TESTKIT,
    ENGINE,
    INSPECT,
    SERVER,
    CLI,
    BENCH;

    Set<Module> uses() {
      return switch (this) {
        case CORE, API, TESTKIT -> Set.of();
        case SQL, NET -> Set.of(CORE);
        case MIRROR -> Set.of(CORE, SQL);
        case POSTGRESQL -> Set.of(CORE, SQL, NET);
        case SIDECAR -> Set.of(CORE, SQL, NET, POSTGRESQL, MIRROR, API);
        case ENGINE, INSPECT -> Set.of(CORE, SQL);
        case SERVER -> Set.of(CORE, SQL, NET, ENGINE, INSPECT, MIRROR, API);
        case CLI -> Set.of(CORE, SQL, NET, ENGINE, INSPECT, MIRROR, API);
        case BENCH -> EnumSet.complementOf(EnumSet.of(BENCH));
      };
    }

    String packages() {
      return "dev.crossfade." + name().toLowerCase(Locale.ROOT) + "..";
    }

    String[] closedPackages() {
      return EnumSet.allOf(Module.class).stream()
          .filter(other -> other != this && !uses().contains(other))
          .map(Module::packages)
          .toArray(String[]::new);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aModuleUsesOnlyWhatTheArrowsAllow(Module module) {
    String[] closed = module.closedPackages();
    if (closed.length > 0) {
      noClasses()
          .that()
          .resideInAPackage(module.packages())
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(closed)
          .check(CROSSFADE);
    }
  }

  @Test
  void everyClassBelongsToAModule() {
    Set<String> homes =
        CROSSFADE.stream()
            .map(type -> type.getPackageName().split("\\.")[2])
            .collect(toUnmodifiableSet());
    assertThat(homes)
        .isSubsetOf(
            EnumSet.allOf(Module.class).stream()
                .map(module -> module.name().toLowerCase(Locale.ROOT))
                .toList());
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.crossfade.(**)").should().beFreeOfCycles().check(CROSSFADE);
  }

  @Test
  void theCoreKnowsNothingButTheJdk() {
    classes()
        .that()
        .resideInAPackage("dev.crossfade.core..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("dev.crossfade.core..", "java..", "org.jspecify.annotations..")
        .check(CROSSFADE);
  }

  @Test
  void whatDecidesDoesNoInputOrOutput() {
    noClasses()
        .that()
        .resideInAnyPackage("dev.crossfade.core..", "dev.crossfade.sql..", "dev.crossfade.engine..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.netty..", "io.grpc..", "java.net..", "java.sql..", "java.nio.channels..")
        .check(CROSSFADE);
  }

  @Test
  void namesSayWhatATypeIs() {
    noClasses()
        .should()
        .haveSimpleNameEndingWith("Util")
        .orShould()
        .haveSimpleNameEndingWith("Utils")
        .orShould()
        .haveSimpleNameEndingWith("Helper")
        .orShould()
        .haveSimpleNameEndingWith("Manager")
        .orShould()
        .haveSimpleNameEndingWith("Impl")
        .check(CROSSFADE);
  }
}
