/**
 * Many sidecars on one control plane: how soon a change reaches them, and what their reports cost.
 */
@NullMarked
package dev.crossfade.bench.fleet;

import org.jspecify.annotations.NullMarked;
