package dev.crossfade.core.route;

import dev.crossfade.core.migration.Side;

/** Where a statement batch goes, and why. Nothing later second-guesses it. */
public record RouteDecision(Side side, RouteReason reason) {}
