/**
 * What the catalogs of the two databases say of a migration, without a look at any row: whether the
 * shapes fit each other ({@link dev.crossfade.inspect.catalog.CatalogCheck}), and what else hangs
 * on the tables that it maps ({@link dev.crossfade.inspect.catalog.Preflight}).
 *
 * <p>Everything here blocks; one check belongs to one thread.
 */
@NullMarked
package dev.crossfade.inspect.catalog;

import org.jspecify.annotations.NullMarked;
