package dev.crossfade.bench.ack;

/** A way for a write to take. */
enum Way {
  DIRECT("straight to the server"),
  SIDECAR("through the sidecar, no migration"),
  ASYNC("through the sidecar, DUAL_WRITE, `ack: async`"),
  MIRRORED("through the sidecar, DUAL_WRITE, `ack: mirrored`"),
  PGPOOL("through pgpool-II, native replication");

  private final String label;

  Way(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }
}
