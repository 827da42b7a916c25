/**
 * What operators rely on, held against what is really there: the names of metrics, the dashboards
 * and alerts, and what docs/ says of them. They stand here because this is the one module that sees
 * all others; nothing calls them but the build.
 */
@NullMarked
package dev.crossfade.bench.operations;

import org.jspecify.annotations.NullMarked;
