/**
 * The audit log's form: records in a chain of hashes, and how a chain is verified. Pure; any
 * thread.
 */
@NullMarked
package dev.crossfade.engine.audit;

import org.jspecify.annotations.NullMarked;
