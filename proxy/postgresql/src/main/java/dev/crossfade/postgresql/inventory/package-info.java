/**
 * What statements on mapped tables were seen, and how often: counted on event loops without a lock,
 * taken by whoever reports it. No literal of a statement comes here.
 */
@NullMarked
package dev.crossfade.postgresql.inventory;

import org.jspecify.annotations.NullMarked;
