package dev.crossfade.sidecar.inventory;

import dev.crossfade.api.v1.SequentialScan;
import dev.crossfade.postgresql.parity.Finding;
import dev.crossfade.sql.parse.Fingerprint;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What is known of how statements do on new.
 *
 * @param scans what their plans there read whole
 * @param differences how writes that were tried there differ from old
 */
public record KnownOfNew(
    Function<Fingerprint, List<SequentialScan>> scans,
    Function<Fingerprint, Optional<Finding>> differences) {}
