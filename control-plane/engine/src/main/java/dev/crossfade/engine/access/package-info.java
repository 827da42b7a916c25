/**
 * Who may do what with the control plane, as values and decisions: roles, what each call needs,
 * tokens, the names that certificates stand for. Pure; any thread.
 */
@NullMarked
package dev.crossfade.engine.access;

import org.jspecify.annotations.NullMarked;
