package dev.crossfade.sidecar.signal;

/** Somebody who has measured something of migrations since the last report. */
@FunctionalInterface
public interface SignalPart {
  /** Adds what came since it was asked the last time. Does not wait for anything. */
  void addTo(SignalDraft draft);
}
