/**
 * What the charts render, held against the Kubernetes API and against what was looked at before.
 */
@NullMarked
package dev.crossfade.charts;

import org.jspecify.annotations.NullMarked;
