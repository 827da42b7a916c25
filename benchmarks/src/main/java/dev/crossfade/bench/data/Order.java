package dev.crossfade.bench.data;

import org.jspecify.annotations.Nullable;

/** A row of {@code orders}. */
public record Order(
    long id,
    long customerId,
    String status,
    long totalCents,
    @Nullable String note,
    String placedAt) {}
