package dev.crossfade.mirror;

/**
 * Changes of mapped tables that came past every sidecar.
 *
 * @param tables of the authority, one or more of which were written
 * @param writer user and application, with a slash between them
 * @param changes how many entities the log had for it
 */
public record Bypass(String tables, String writer, long changes) {}
