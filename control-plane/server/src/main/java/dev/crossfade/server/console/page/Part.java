package dev.crossfade.server.console.page;

/**
 * A part of a page that is replaced as a whole when it changes.
 *
 * @param id unique on its page
 * @param width how much room it takes: {@code whole} or {@code half}
 * @param html empty: it is not shown
 */
public record Part(String id, String width, String html) {}
