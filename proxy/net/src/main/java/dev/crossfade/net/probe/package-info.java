/**
 * Asks an admin port how its process is, from a process of its own: the health check of a container
 * without a shell. One thread, and nothing but the JDK, for it is started every few seconds.
 */
@NullMarked
package dev.crossfade.net.probe;

import org.jspecify.annotations.NullMarked;
