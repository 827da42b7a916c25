package dev.crossfade.testkit.browser;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.crossfade.testkit.process.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real Chromium without a screen, told what to do through its own driver by the W3C's WebDriver
 * protocol.
 */
public final class Browser implements AutoCloseable {
  private static final Duration BOUND = Duration.ofSeconds(30);
  private static final String ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

  /** The page tells when it changes, so nobody has to ask all the time. */
  private static final String SEES =
      """
      const [css, part, done] = arguments;
      const seen = () => [...document.querySelectorAll(css)].some(e => e.innerText.includes(part));
      const end = answer => { watch.disconnect(); clearTimeout(timer); done(answer); };
      const watch = new MutationObserver(() => { if (seen()) end(true); });
      const timer = setTimeout(() => end(seen()), 1000);
      watch.observe(document, {subtree: true, childList: true, characterData: true});
      if (seen()) end(true);
      """;

  private static final Gson GSON = new Gson();

  private final Process driver;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(BOUND).build();
  private final String base;
  private final String session;

  /** What a test cannot do without, or why it is not there. */
  public static Optional<String> missing() {
    if (program("chromedriver").isEmpty()) {
      return Optional.of("chromedriver is not installed (Debian's chromium-driver)");
    }
    return program("chromium").isEmpty()
        ? Optional.of("chromium is not installed (Debian's chromium)")
        : Optional.empty();
  }

  private static Optional<Path> program(String name) {
    return Stream.of(System.getenv("PATH").split(":"))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private Browser(Process driver, int port, Path profile) {
    this.driver = driver;
    this.base = "http://127.0.0.1:" + port;
    Await.until("chromedriver to be ready", BOUND, this::isReady);
    Map<String, Object> options =
        Map.of(
            "binary",
            program("chromium").orElseThrow().toString(),
            "args",
            List.of(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--hide-scrollbars",
                "--disable-background-networking",
                "--user-data-dir=" + profile));
    JsonObject answer =
        post(
                "/session",
                Map.of(
                    "capabilities",
                    Map.of(
                        "alwaysMatch",
                        Map.of(
                            "browserName",
                            "chrome",
                            "goog:chromeOptions",
                            options,
                            "goog:loggingPrefs",
                            Map.of("browser", "ALL")))))
            .getAsJsonObject();
    session = "/session/" + answer.get("sessionId").getAsString();
  }

  /**
   * Starts one.
   *
   * @param folder for its profile and its log
   */
  public static Browser start(Path folder) throws IOException {
    Path log = folder.resolve("chromedriver.log");
    Process driver =
        new ProcessBuilder(program("chromedriver").orElseThrow().toString(), "--port=0")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      return new Browser(driver, port(log), folder.resolve("profile"));
    } catch (RuntimeException e) {
      driver.descendants().forEach(ProcessHandle::destroyForcibly);
      driver.destroyForcibly();
      throw e;
    }
  }

  private static int port(Path log) {
    String said = "was started successfully on port ";
    AtomicReference<String> line = new AtomicReference<>("");
    Await.until(
        "chromedriver to say its port",
        BOUND,
        () -> {
          line.set(
              Files.readAllLines(log).stream()
                  .filter(text -> text.contains(said))
                  .findFirst()
                  .orElse(""));
          return !line.get().isEmpty();
        });
    return Integer.parseInt(line.get().replaceAll(".*" + said + "(\\d+).*", "$1"));
  }

  private boolean isReady() {
    return call("GET", "/status", null).getAsJsonObject().get("ready").getAsBoolean();
  }

  public void open(String url) {
    post(session + "/url", Map.of("url", url));
  }

  public String url() {
    return get(session + "/url").getAsString();
  }

  /** Whether there is such an element. */
  public boolean has(String css) {
    return !elements(css).isEmpty();
  }

  /** The visible text of the first such element; empty when there is none. */
  public String text(String css) {
    List<String> found = elements(css);
    try {
      return found.isEmpty() ? "" : get(element(found.getFirst()) + "/text").getAsString();
    } catch (StaleException e) {
      return text(css);
    }
  }

  /** Whether such an element has this text, or gets it within a second. */
  public boolean sees(String css, String part) {
    try {
      return post(session + "/execute/async", Map.of("script", SEES, "args", List.of(css, part)))
          .getAsBoolean();
    } catch (StaleException e) {
      return false;
    }
  }

  /** Scrolls there and clicks as a mouse would. */
  public void click(String css) {
    String id = awaited(css);
    try {
      post(element(id) + "/click", Map.of());
    } catch (StaleException e) {
      click(css);
    }
  }

  /** Replaces what stands in a field. */
  public void type(String css, String text) {
    String id = awaited(css);
    try {
      post(element(id) + "/clear", Map.of());
      post(element(id) + "/value", Map.of("text", text));
    } catch (StaleException e) {
      type(css, text);
    }
  }

  /** Gives a file to a field that takes one. */
  public void give(String css, Path file) {
    post(element(awaited(css)) + "/value", Map.of("text", file.toAbsolutePath().toString()));
  }

  /** Chooses an option by its words. */
  public void choose(String css, String option) {
    String id = awaited(css);
    try {
      post(element(id) + "/value", Map.of("text", option));
    } catch (StaleException e) {
      choose(css, option);
    }
  }

  private String awaited(String css) {
    AtomicReference<List<String>> found = new AtomicReference<>(List.of());
    Await.until(
        css + " to be there",
        BOUND,
        () -> {
          found.set(elements(css));
          return !found.get().isEmpty();
        });
    return found.get().getFirst();
  }

  private String element(String id) {
    return session + "/element/" + id;
  }

  private List<String> elements(String css) {
    List<String> ids = new ArrayList<>();
    post(session + "/elements", Map.of("using", "css selector", "value", css))
        .getAsJsonArray()
        .forEach(each -> ids.add(each.getAsJsonObject().get(ELEMENT).getAsString()));
    return ids;
  }

  public JsonElement script(String script) {
    return post(session + "/execute/sync", Map.of("script", script, "args", List.of()));
  }

  /** Calls {@code arguments[0]} when it is done. */
  public JsonElement asynchronous(String script) {
    return post(session + "/execute/async", Map.of("script", script, "args", List.of()));
  }

  public void press(String key) {
    post(
        session + "/actions",
        Map.of(
            "actions",
            List.of(
                Map.of(
                    "type",
                    "key",
                    "id",
                    "keys",
                    "actions",
                    List.of(
                        Map.of("type", "keyDown", "value", key),
                        Map.of("type", "keyUp", "value", key))))));
  }

  /** The window's names. */
  public String window() {
    return get(session + "/window").getAsString();
  }

  public String newWindow() {
    return post(session + "/window/new", Map.of("type", "window"))
        .getAsJsonObject()
        .get("handle")
        .getAsString();
  }

  public void switchTo(String window) {
    post(session + "/window", Map.of("handle", window));
  }

  /** The size of the page, whatever the window is; phones' pages are narrower than any window. */
  public void size(int width, int height) {
    devtools(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
  }

  public void dark(boolean dark) {
    devtools(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
  }

  private JsonElement devtools(String command, Map<String, Object> parameters) {
    return post(session + "/goog/cdp/execute", Map.of("cmd", command, "params", parameters));
  }

  /** The whole page as a picture. */
  public void screenshot(Path file) throws IOException {
    String data =
        devtools("Page.captureScreenshot", Map.of("captureBeyondViewport", true, "format", "png"))
            .getAsJsonObject()
            .get("data")
            .getAsString();
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.write(file, Base64.getDecoder().decode(data));
  }

  /** What the browser has complained about since the last call. */
  public List<String> complaints() {
    List<String> complaints = new ArrayList<>();
    for (JsonElement entry :
        post(session + "/se/log", Map.of("type", "browser")).getAsJsonArray()) {
      JsonObject line = entry.getAsJsonObject();
      String level = line.get("level").getAsString();
      if (level.equals("WARNING") || level.equals("SEVERE")) {
        complaints.add(level + " " + line.get("message").getAsString());
      }
    }
    return complaints;
  }

  /** What was looked at is not there any more. */
  private static final class StaleException extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private JsonElement get(String path) {
    return call("GET", path, null);
  }

  private JsonElement post(String path, Object body) {
    return call("POST", path, GSON.toJson(body));
  }

  private JsonElement call(String method, String path, @Nullable String body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(Duration.ofSeconds(60))
            .header("Content-Type", "application/json")
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
      JsonElement value = JsonParser.parseString(response.body()).getAsJsonObject().get("value");
      if (response.statusCode() == 200) {
        return value == null ? new JsonArray() : value;
      }
      JsonObject problem = value.getAsJsonObject();
      String error = problem.get("error").getAsString();
      if (error.equals("stale element reference")
          || problem.get("message").getAsString().contains("document unloaded")) {
        throw new StaleException();
      }
      throw new AssertionError(method + " " + path + ": " + value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    List<ProcessHandle> browsers = driver.descendants().toList();
    try {
      call("DELETE", session, null);
    } finally {
      driver.destroy();
      try {
        if (!driver.waitFor(10, TimeUnit.SECONDS)) {
          driver.destroyForcibly();
        }
      } catch (InterruptedException e) {
        driver.destroyForcibly();
        Thread.currentThread().interrupt();
      }
      browsers.forEach(ProcessHandle::destroyForcibly);
      http.close();
    }
  }
}
