/**
 * Keeps open pages up to date: server-sent events with the parts of a page that have changed. Pages
 * are made on virtual threads, events leave on the event loop of their connection.
 */
@NullMarked
package dev.crossfade.server.console.live;

import org.jspecify.annotations.NullMarked;
