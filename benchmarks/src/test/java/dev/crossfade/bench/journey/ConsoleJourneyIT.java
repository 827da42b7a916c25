package dev.crossfade.bench.journey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.bench.process.Scratch;
import dev.crossfade.testkit.browser.Browser;
import dev.crossfade.testkit.process.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * A migration from its file to COMPLETE, clicked in a browser: guards take it to LIVE, something
 * goes wrong there, it goes back by itself, is mended, and goes all the way. Pictures of its
 * stations are left in {@code target/screenshots}.
 */
class ConsoleJourneyIT {
  private static final String NAME = JourneySite.MIGRATION;
  private static final Duration BOUND = Duration.ofSeconds(120);
  private static final Path PICTURES = Path.of("target", "screenshots");
  private static final int WIDTH = 1_200;

  @Test
  void fromTheFileToLiveAndBackAndThereForGood() throws Exception {
    Optional<String> missing = Browser.missing();
    Assumptions.assumeTrue(missing.isEmpty(), () -> missing.orElse(""));
    try (Scratch scratch = Scratch.create("crossfade-browser-");
        JourneySite site = JourneySite.start(JourneySite.ROLLOUT);
        Journey journey = new Journey(site);
        Browser browser = Browser.start(scratch.directory())) {
      new Clicks(site, journey, browser).allTheWay();
    }
  }

  /** What somebody clicks, and what he is shown. */
  private record Clicks(JourneySite site, Journey journey, Browser browser) {
    void allTheWay() throws Exception {
      browser.size(WIDTH, 900);
      applied();
      expanded();
      toLive("1");
      somethingGoesWrong();
      run(site.mending(), "it was a mistake");
      openMigration();
      toLive("2");
      toTheEnd();
      journey.nothingIsLost();
      assertThat(browser.complaints()).isEmpty();
    }

    private void applied() throws IOException {
      browser.open(site.console() + "/");
      awaited("#migrations", "There is no migration yet");
      browser.click("#apply");
      file("yaml", site.migration());
      confirm("one table per concern");
      awaited(".told", NAME);
      awaited("#standing .here", "OFF");
      awaited("#plan", "RAMP 75%");
      awaited("#history", "one table per concern");
    }

    private void expanded() throws IOException {
      run(site.expansion(), "new tables");
      picture("expanded");
      site.ctl()
          .run(
              "mirror",
              "install",
              site.migration(),
              "--old",
              site.oldUrl(),
              "--new",
              site.newUrl());
      openMigration();
      browser.type("#percent", "0");
      browser.click(".shareform button");
      browser.choose("#f-stickiness", "entity");
      confirm("a customer stays where it is");
      awaited("#standing", "Sticky by");
      awaited("#standing", "entity");
      browser.open(site.console() + "/sidecars");
      awaited("#sidecars", "in force");
      openMigration();
    }

    private void toLive(String attempt) throws IOException {
      change("#rollout-start", "it is time");
      // A stage may be over before anybody has seen it; the history has it.
      awaited("#history", "SHADOW 0%");
      picture("shadow-" + attempt);
      awaited("#history", "RAMP 25%");
      picture("ramp-" + attempt);
      awaited("#plan", "confirming");
      assertThat(browser.text("#standing .here")).isEqualTo("RAMP");
      assertThat(browser.text("#inforce")).isEqualTo("75%");
      assertThat(browser.text("#plan .here")).contains("RAMP 75%");
      awaited("#plan", "errors pass");
      awaited("#plan", "mismatches pass");
      assertThat(browser.text("#comparison")).contains("100.000%");
      assertThat(browser.text("#data")).contains("0 drift").contains("nothing is lost");
      if (attempt.equals("1")) {
        // The second time, an INSERT that the faulty function was seen to refuse may block LIVE
        // still.
        awaited("#readiness", "LIVE nothing blocks");
      }
      picture("evidence-" + attempt);
      change("#rollout-confirm", "writes, too");
      awaited("#standing .here", "LIVE");
      awaited("#plan", "confirming");
      journey.goesOn();
      picture("live-" + attempt);
    }

    /** Somebody brings a faulty function to new; nobody does anything about it. */
    private void somethingGoesWrong() throws IOException {
      run(site.regression(), "balances are checked");
      openMigration();
      awaited("#plan", "rolled back");
      awaited("#plan", "errors: ");
      awaited("#standing .here", "SHADOW");
      assertThat(journey.traffic().refused()).isPositive();
      awaited("#audit", "rollout.");
      picture("rolled-back");
      long refused = journey.traffic().refused();
      journey.goesOn();
      assertThat(journey.traffic().refused()).isEqualTo(refused);
    }

    private void toTheEnd() throws IOException {
      change("#rollout-confirm", "no way back is needed");
      awaited("#standing .here", "COMPLETE");
      awaited("#plan", "done");
      assertThat(browser.has("#rollback")).as("a way back from COMPLETE").isFalse();
      picture("complete");
      browser.open(site.console() + "/jobs");
      for (String kind : List.of("apply", "backfill", "verify", "lens check")) {
        awaited("#alljobs", kind + " of " + NAME);
      }
    }

    private void openMigration() {
      browser.open(site.console() + "/");
      browser.click("a[href='/migrations/" + NAME + "']");
      awaited("#link", "live");
    }

    /** Runs a file of statements on new and watches it to its end. */
    private void run(String statements, String reason) throws IOException {
      openMigration();
      browser.click("#start-statements");
      file("statements", statements);
      confirm(reason);
      awaited("#job .state", "done");
      awaited("#job", Path.of(statements).getFileName() + " on new");
      assertThat(browser.text("#jobevents")).contains(reason);
    }

    /** Lets the page take a file, and makes sure that it has it. */
    private void file(String field, String file) throws IOException {
      browser.give("#file-" + field, Path.of(file));
      String text = Files.readString(Path.of(file));
      Await.until(
          "the page to have read " + file,
          BOUND,
          () ->
              browser
                  .script("return document.getElementById('f-" + field + "').value")
                  .getAsString()
                  .equals(text));
      assertThat(browser.script("return document.getElementById('f-source').value").getAsString())
          .isEqualTo(String.valueOf(Path.of(file).getFileName()));
    }

    /** Clicks until the form is there, as a person would: what moves away does not notice it. */
    private void change(String button, String reason) {
      Await.until(
          "the form behind " + button,
          BOUND,
          () -> {
            if (browser.has(button)) {
              browser.click(button);
            }
            return browser.has("#f-reason");
          });
      confirm(reason);
      awaited(".told", " ");
    }

    private void confirm(String reason) {
      browser.type("#f-reason", reason);
      browser.click("main button.primary, main button.danger");
    }

    private void awaited(String css, String part) {
      try {
        Await.until(
            part + " in " + css,
            BOUND,
            () -> browser.sees(css, part) || !journey.traffic().flaws().isEmpty());
      } catch (AssertionError e) {
        throw new AssertionError(
            e.getMessage() + "; the page says: " + browser.text("main") + "\n" + site.printed(), e);
      }
      assertThat(journey.traffic().flaws()).as("what clients noticed").isEmpty();
    }

    private void picture(String name) throws IOException {
      int height = browser.script("return document.documentElement.scrollHeight").getAsInt();
      browser.size(WIDTH, height);
      browser.screenshot(PICTURES.resolve("journey-" + name + ".png"));
      browser.size(WIDTH, 900);
    }
  }
}
