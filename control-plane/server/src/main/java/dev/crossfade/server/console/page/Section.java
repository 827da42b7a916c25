package dev.crossfade.server.console.page;

import java.util.Map;

/** A section of a migration's page: this, and the template of its name. */
interface Section {
  /** Names its template, {@code part/<id>}. */
  String id();

  /** {@code whole} or {@code half}. */
  String width();

  /** What its template names; empty: there is nothing to show. */
  Map<String, Object> model(Facts facts, Viewer viewer);
}
