package dev.crossfade.bench.data;

import org.jspecify.annotations.Nullable;

/**
 * A row of {@code customers}.
 *
 * @param createdAt as PostgreSQL reads it: ISO 8601 with offset, perhaps {@code BC}, or {@code
 *     infinity}
 */
public record Customer(
    long id,
    @Nullable String fullName,
    @Nullable String email,
    @Nullable Long balanceCents,
    @Nullable String createdAt) {}
