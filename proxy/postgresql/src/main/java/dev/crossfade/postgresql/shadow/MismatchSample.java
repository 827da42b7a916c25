package dev.crossfade.postgresql.shadow;

import dev.crossfade.core.compare.Difference;
import dev.crossfade.core.compare.Verdict;
import java.time.Instant;

/**
 * One difference that has been confirmed. Its values are already as the migration file wants them
 * shown.
 *
 * @param query the first 16 hexadecimal digits of the SHA-256 of the text
 * @param text normalised
 * @param at when it was confirmed
 * @param sqlState of the error; empty where there is none
 * @param oldPlan EXPLAIN of old; empty but for SLOW
 */
public record MismatchSample(
    String migration,
    String query,
    String text,
    Verdict verdict,
    Instant at,
    Difference detail,
    long oldRows,
    long newRows,
    String sqlState,
    String oldPlan,
    String newPlan) {}
