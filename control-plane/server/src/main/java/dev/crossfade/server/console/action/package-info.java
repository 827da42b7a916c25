/**
 * What people change from the console: each action says beforehand what will happen, asks for a
 * reason, and then is one call of a service. Blocks; for virtual threads.
 */
@NullMarked
package dev.crossfade.server.console.action;

import org.jspecify.annotations.NullMarked;
