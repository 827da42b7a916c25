package dev.crossfade.sidecar;

import dev.crossfade.api.v1.InventoryPage;
import dev.crossfade.api.v1.SeenQuery;
import dev.crossfade.api.v1.Side;
import dev.crossfade.api.v1.TranslationStatus;
import dev.crossfade.sidecar.control.ScriptedControlPlane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** What a control plane knows of a sidecar's statements: it acks every page and adds up. */
final class SeenQueries {
  private static final Duration SOON = Duration.ofSeconds(40);

  private final ScriptedControlPlane controlPlane;
  private final List<InventoryPage> pages = new ArrayList<>();

  SeenQueries(ScriptedControlPlane controlPlane) {
    this.controlPlane = controlPlane;
  }

  /** Waits until what is known satisfies the condition. */
  void await(Predicate<SeenQueries> condition) {
    try {
      Awaitility.await()
          .atMost(SOON)
          .pollInterval(100, TimeUnit.MILLISECONDS)
          .until(
              () -> {
                take();
                return condition.test(this);
              });
    } catch (ConditionTimeoutException e) {
      throw new AssertionError("what came: " + pages, e);
    }
  }

  private void take() {
    controlPlane.heartbeat();
    for (InventoryPage page = controlPlane.pollPage();
        page != null;
        page = controlPlane.pollPage()) {
      pages.add(page);
      controlPlane.ackPage(page.getNumber());
    }
  }

  List<InventoryPage> pages() {
    return pages;
  }

  private List<SeenQuery> of(String text) {
    return pages.stream()
        .flatMap(page -> page.getQueriesList().stream())
        .filter(query -> query.getText().equals(text))
        .toList();
  }

  long count(String text) {
    return of(text).stream().mapToLong(SeenQuery::getCount).sum();
  }

  long timed(String text, Side side) {
    return of(text).stream()
        .flatMap(query -> query.getLatenciesList().stream())
        .filter(histogram -> histogram.getSide() == side)
        .flatMap(histogram -> histogram.getBucketsList().stream())
        .mapToLong(bucket -> bucket.getCount())
        .sum();
  }

  /** What was said last; a default when nothing was. */
  SeenQuery last(String text) {
    List<SeenQuery> all = of(text);
    return all.isEmpty() ? SeenQuery.getDefaultInstance() : all.getLast();
  }

  boolean isTranslated(String text) {
    return last(text).getStatus() == TranslationStatus.TRANSLATION_STATUS_TRANSLATED;
  }

  boolean isRefused(String text, String code) {
    return last(text).getStatus() == TranslationStatus.TRANSLATION_STATUS_REFUSED
        && last(text).getRefusal().getCode().equals(code);
  }
}
