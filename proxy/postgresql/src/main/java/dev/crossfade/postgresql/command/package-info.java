/**
 * What clients may ask the sidecar itself, {@code SHOW CROSSFADE.…} and {@code EXPLAIN CROSSFADE
 * …}: how it reads, and how it is answered on the wire. Knows no session; what a session has to add
 * is in package session.
 */
@NullMarked
package dev.crossfade.postgresql.command;

import org.jspecify.annotations.NullMarked;
