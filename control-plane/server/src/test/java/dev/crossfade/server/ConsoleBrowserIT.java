package dev.crossfade.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import dev.crossfade.api.v1.Report;
import dev.crossfade.api.v1.RoutedCount;
import dev.crossfade.api.v1.Side;
import dev.crossfade.api.v1.SidecarMessage;
import dev.crossfade.api.v1.Stage;
import dev.crossfade.testkit.browser.Browser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The console in a real browser, clicked as people do. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsoleBrowserIT {
  private static final String NAME = "split-customers";
  private static final String PAGE = "/migrations/" + NAME;
  private static final Duration BOUND = Duration.ofSeconds(30);
  private static final Path PICTURES = Path.of("target", "screenshots");
  private static final String TAB = "\uE004";
  private static final String ENTER = "\uE007";
  private static final int PHONE = 360;
  private static final int DESK = 1_200;

  private Browser browser;
  private ConsoleScene scene;
  private ScriptedServices scripted = new ScriptedServices();

  @BeforeAll
  void startBrowser() throws IOException {
    Optional<String> missing = Browser.missing();
    Assumptions.assumeTrue(missing.isEmpty(), () -> missing.orElse(""));
    browser = Browser.start(TestDatabases.directory("browser"));
  }

  @AfterAll
  void stopBrowser() {
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void start() throws Exception {
    scripted = new ScriptedServices();
    scene = ConsoleScene.startWith(TestDatabases.create(), scripted.all());
    scene.apply(NAME);
    browser.dark(false);
    browser.size(DESK, 900);
  }

  /** Also after a test that has failed, so that the next one does not answer for it. */
  @AfterEach
  void stop() {
    if (scene != null) {
      browser.open("about:blank");
      scene.close();
      browser.complaints();
    }
  }

  private void awaitText(String css, String part) {
    Awaitility.await()
        .atMost(BOUND)
        .untilAsserted(() -> assertThat(browser.text(css)).contains(part));
  }

  private void confirm(String reason) {
    browser.type("#f-reason", reason);
    browser.click("main button.primary, main button.danger");
  }

  @Test
  void aStepIsConfirmedAndShown() {
    browser.open(scene.base() + "/");
    browser.click("a[href='" + PAGE + "']");
    awaitText("#standing .here", "OFF");
    browser.click("#forward");
    awaitText("h1", "Move split-customers to DUAL_WRITE");
    confirm("it begins");
    awaitText(".told", "is in DUAL_WRITE");
    awaitText("#standing .here", "DUAL_WRITE");
    awaitText("#history", "it begins");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void aShareThatOneSetsIsSeenByTheOther() {
    scene.stage(NAME, Stage.STAGE_DUAL_WRITE, Stage.STAGE_SHADOW, Stage.STAGE_RAMP);
    String first = browser.window();
    String second = browser.newWindow();
    browser.switchTo(second);
    browser.open(scene.base() + PAGE);
    awaitText("#link", "live");
    browser.script("window.isTheSamePage = true");
    browser.switchTo(first);
    browser.open(scene.base() + PAGE);
    awaitText("#link", "live");
    browser.type("#percent", "37.5");
    browser.click(".shareform button");
    awaitText("main", "goes from 0% to 37.5%");
    confirm("a third and more");
    awaitText("#inforce", "37.5%");
    browser.switchTo(second);
    awaitText("#inforce", "37.5%");
    awaitText("#history", "a third and more");
    assertThat(browser.script("return window.isTheSamePage").getAsBoolean()).isTrue();
    assertThat(browser.script("return document.getElementById('news').textContent").getAsString())
        .isEqualTo("stage RAMP, 37.5% of reads on new");
    browser.switchTo(first);
    browser.click("#rollback");
    browser.choose("#f-to", "DUAL_WRITE");
    confirm("errors on new");
    awaitText("#standing .here", "DUAL_WRITE");
    browser.switchTo(second);
    awaitText("#standing .here", "DUAL_WRITE");
    awaitText("#asked", "0%");
    assertThat(browser.complaints()).isEmpty();
    browser.script("window.close()");
    browser.switchTo(first);
  }

  /** What is replaced between press and release would swallow the click. */
  @Test
  void nothingChangesUnderAFingerAndAllOfItAfterwards() {
    browser.open(scene.base() + PAGE);
    awaitText("#link", "live");
    awaitText("#standing .here", "OFF");
    browser.script(
        "window.button = document.getElementById('forward'); window.news = 0;"
            + " document.addEventListener('htmx:sseBeforeMessage', e => {"
            + " window.news += e.target.id === 'standing' ? 1 : 0 });"
            + " window.press = () => window.button.dispatchEvent("
            + "new PointerEvent('pointerdown', {bubbles: true}));"
            + " window.press(); window.again = setInterval(window.press, 100)");
    scene.stage(NAME, Stage.STAGE_DUAL_WRITE);
    Awaitility.await()
        .atMost(BOUND)
        .until(() -> browser.script("return window.news").getAsInt() > 0);
    assertThat(browser.text("#standing .here")).isEqualTo("OFF");
    assertThat(browser.script("return window.button.isConnected").getAsBoolean()).isTrue();
    browser.script(
        "clearInterval(window.again);"
            + " window.button.dispatchEvent(new PointerEvent('pointerup', {bubbles: true}))");
    awaitText("#standing .here", "DUAL_WRITE");
    // A release that never comes holds nothing up for long.
    browser.script("document.dispatchEvent(new PointerEvent('pointerdown'))");
    scene.stage(NAME, Stage.STAGE_SHADOW);
    awaitText("#standing .here", "SHADOW");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void whatIsMeasuredIsShownAndTheRolloutHeld() throws Exception {
    browser.open(scene.base() + PAGE);
    awaitText("#measured", "25.10%");
    awaitText("#traffic", "17 pending, 42 ms behind");
    awaitText("#comparison", "99.975%");
    awaitText("#comparison", "1.50×");
    awaitText("#mismatches", "<b>4711</b>");
    awaitText("#plan .here", "a quarter");
    awaitText("#plan", "latency not enough data (dry run): 90 of 100 samples");
    awaitText("#audit", "<i>why</i>");
    browser.open(scene.base() + "/");
    assertThat(browser.text("#migrations")).doesNotContain("measured");
    scene.stage(NAME, Stage.STAGE_DUAL_WRITE);
    awaitText("#migrations", "25.10% measured");
    browser.open(scene.base() + PAGE);
    browser.click("#rollout-pause");
    confirm("let us see");
    awaitText(".told", "the rollout is paused");
    assertThat(scripted.asked.take()).isEqualTo("pause: let us see");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void aFileIsReadIntoItsFieldAndApplied() throws Exception {
    Path file = TestDatabases.directory("files").resolve("second.yaml");
    Files.writeString(file, MigrationFiles.named("second"));
    browser.open(scene.base() + "/");
    browser.click("#apply");
    browser.give("#file-yaml", file);
    Awaitility.await()
        .atMost(BOUND)
        .until(
            () -> browser.script("return document.getElementById('f-yaml').value").getAsString(),
            MigrationFiles.named("second")::equals);
    confirm("another one");
    awaitText("h1", "second");
    awaitText("#standing .here", "OFF");
    awaitText("#file", "second.yaml");
    assertThat(scene.get("second").getMigration().getYaml())
        .isEqualTo(MigrationFiles.named("second"));
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void aTokensSecretIsShownOnce() {
    browser.open(scene.base() + "/tokens");
    awaitText("#tokens", "vera");
    browser.click("#create-token");
    browser.type("#f-name", "oscar");
    browser.choose("#f-role", "operator");
    browser.click("main button.primary");
    awaitText("h1", "Token 3 of oscar");
    assertThat(browser.script("return document.getElementById('secret').value").getAsString())
        .isEqualTo("cf_scripted");
    assertThat(scripted.asked.poll()).isEqualTo("create: oscar ROLE_OPERATOR 7776000 s");
    browser.click("#kept");
    awaitText("h1", "Tokens");
    browser.click("#revoke-1");
    awaitText("main", "vera, with the role viewer");
    browser.click("main button.danger");
    awaitText(".told", "token 1 of vera is revoked");
    assertThat(scripted.asked.poll()).isEqualTo("revoke: 1");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void theSliderMovesTheNumber() {
    browser.open(scene.base() + PAGE);
    awaitText("#link", "live");
    browser.script(
        "const s = document.querySelector('input[type=range]'); s.value = 60;"
            + " s.dispatchEvent(new Event('input', {bubbles: true}))");
    assertThat(browser.script("return document.getElementById('percent').value").getAsString())
        .isEqualTo("60");
    // A page that changes beside it leaves what somebody is about to enter.
    scene.stage(NAME, Stage.STAGE_DUAL_WRITE);
    awaitText("#standing .here", "DUAL_WRITE");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void theKeyboardIsEnough() {
    browser.open(scene.base() + PAGE);
    browser.press(TAB);
    assertThat(browser.script("return document.activeElement.className").getAsString())
        .isEqualTo("skip");
    browser.press(ENTER);
    assertThat(browser.script("return document.activeElement.id").getAsString()).isEqualTo("main");
    browser.press(TAB);
    assertThat(browser.script("return document.activeElement.id").getAsString())
        .isEqualTo("forward");
    assertThat(
            browser
                .script("return getComputedStyle(document.activeElement).outlineStyle")
                .getAsString())
        .isEqualTo("solid");
    browser.press(ENTER);
    awaitText("h1", "Move split-customers to DUAL_WRITE");
  }

  @Test
  void everyPageFitsAPhoneAndIsAccessibleInBothLights() throws Exception {
    scene.stage(NAME, Stage.STAGE_DUAL_WRITE, Stage.STAGE_SHADOW, Stage.STAGE_RAMP);
    scene.reads(NAME, 25_000);
    scene.apply("a-migration-with-a-rather-long-name-that-has-no-place-to-break");
    ScriptedSidecar sidecar = ScriptedSidecar.connect(scene.channel()).hello("shop", "pod-7f9c", 0);
    sidecar.ack(sidecar.snapshot());
    sidecar.send(
        SidecarMessage.newBuilder()
            .setReport(
                Report.newBuilder()
                    .setSessions(12)
                    .addRouted(
                        RoutedCount.newBuilder()
                            .setMigration(NAME)
                            .setSide(Side.SIDE_NEW)
                            .setReason("IN_SHARE")
                            .setCount(250)))
            .build());
    for (Picture picture : PICTURES_OF) {
      for (boolean dark : new boolean[] {false, true}) {
        for (int width : new int[] {PHONE, DESK}) {
          look(picture, dark, width);
        }
      }
    }
    sidecar.leave();
  }

  /** A page, and what its picture is called. */
  private record Picture(String name, String path) {}

  private static final List<Picture> PICTURES_OF =
      List.of(
          new Picture("overview", "/"),
          new Picture("migration", PAGE),
          new Picture("stage", PAGE + "/stage?to=LIVE"),
          new Picture("reads", PAGE + "/reads?percent=50"),
          new Picture("rollback", PAGE + "/rollback"),
          new Picture("consistency", PAGE + "/consistency"),
          new Picture("start", PAGE + "/start"),
          new Picture("statements", PAGE + "/statements"),
          new Picture("replay", PAGE + "/dead-letters/replay"),
          new Picture("apply", "/apply"),
          new Picture("jobs", "/jobs"),
          new Picture("sidecars", "/sidecars"),
          new Picture("tokens", "/tokens"),
          new Picture("token", "/tokens/create"),
          new Picture("login", "/login"));

  private void look(Picture picture, boolean dark, int width) throws IOException {
    browser.dark(dark);
    browser.size(width, 900);
    browser.open(scene.base() + picture.path());
    String what = picture.name() + "-" + width + (dark ? "-dark" : "");
    assertThat(browser.script("return document.documentElement.scrollWidth").getAsInt())
        .as("width of " + what)
        .isLessThanOrEqualTo(width);
    int height = browser.script("return document.documentElement.scrollHeight").getAsInt();
    browser.size(width, Math.max(height, 500));
    browser.screenshot(PICTURES.resolve(what + ".png"));
    assertThat(violations()).as("accessibility of " + what).isEmpty();
    assertThat(browser.complaints()).as("complaints about " + what).isEmpty();
  }

  /** What the rules of axe-core find serious or worse. */
  private List<String> violations() throws IOException {
    try (InputStream axe = ConsoleBrowserIT.class.getResourceAsStream("/axe.min.js")) {
      if (axe == null) {
        throw new IllegalStateException("axe-core is not on the class path");
      }
      // The driver runs it beside the page, whose own rules forbid such a thing.
      browser.script(new String(axe.readAllBytes(), StandardCharsets.UTF_8));
    }
    JsonElement found =
        browser.asynchronous(
            "const done = arguments[arguments.length - 1];"
                + " axe.run({resultTypes: ['violations']}).then(r => done(r.violations"
                + ".filter(v => v.impact === 'serious' || v.impact === 'critical')"
                + ".map(v => v.id + ': ' + v.nodes.map(n => n.html).join(' '))))");
    return found.getAsJsonArray().asList().stream().map(JsonElement::getAsString).toList();
  }
}
