package dev.crossfade.testkit.wire;

/** What a server hands out at login and demands back in a cancel request. */
public record BackendKey(int pid, int secret) {}
