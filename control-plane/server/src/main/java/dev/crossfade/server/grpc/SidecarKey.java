package dev.crossfade.server.grpc;

import dev.crossfade.server.store.SidecarRow;
import java.util.Comparator;

/** What tells one sidecar from another. */
record SidecarKey(String service, String instance) implements Comparable<SidecarKey> {
  private static final Comparator<SidecarKey> ORDER =
      Comparator.comparing(SidecarKey::service).thenComparing(SidecarKey::instance);

  static SidecarKey of(SidecarRow.Identity identity) {
    return new SidecarKey(identity.service(), identity.instance());
  }

  @Override
  public int compareTo(SidecarKey other) {
    return ORDER.compare(this, other);
  }
}
