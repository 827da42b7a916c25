/**
 * What the sidecars' reports come to: totals of each migration that all replicas have in common, a
 * short history, and samples of mismatches. Reports come on any thread and wait for nothing; one
 * thread of its own talks to the database.
 */
@NullMarked
package dev.crossfade.server.signal;

import org.jspecify.annotations.NullMarked;
