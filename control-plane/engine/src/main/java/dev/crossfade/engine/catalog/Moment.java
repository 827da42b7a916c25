package dev.crossfade.engine.catalog;

import java.time.Instant;

/**
 * What a change gets if it happens now.
 *
 * @param version the catalog's next version
 * @param at the time, by the store's clock
 */
public record Moment(long version, Instant at) {}
