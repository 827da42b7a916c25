/**
 * The web console: pages about migrations, jobs and sidecars, made on the server. Starts and stops
 * the HTTP server; its event loop never waits, whatever may takes place on virtual threads.
 */
@NullMarked
package dev.crossfade.server.console;

import org.jspecify.annotations.NullMarked;
