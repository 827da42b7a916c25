package dev.crossfade.server.inject;

import com.google.gson.JsonArray;
import java.util.List;

/** What becomes of a pod. */
sealed interface Injection {
  /** It stays as it is: it did not ask, or has its sidecar already. */
  record Untouched() implements Injection {}

  /**
   * It gets a sidecar.
   *
   * @param patch of RFC 6902
   * @param warnings for whoever made the pod
   */
  record Added(JsonArray patch, List<String> warnings) implements Injection {
    public Added {
      patch = patch.deepCopy();
      warnings = List.copyOf(warnings);
    }
  }

  /**
   * It asked, and cannot get one.
   *
   * @param reason what is wrong and what would be right
   */
  record Impossible(String reason) implements Injection {}
}
