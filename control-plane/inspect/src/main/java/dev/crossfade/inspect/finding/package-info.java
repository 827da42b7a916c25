/**
 * What an inspection finds, as values. Every finding has a stable code, a place, and says what to
 * do. Any thread.
 */
@NullMarked
package dev.crossfade.inspect.finding;

import org.jspecify.annotations.NullMarked;
