/**
 * Sessions that speak the new shape while old is the authority: what stands between such a client
 * and its session, so that everything behind it sees a client of the old shape.
 *
 * <p>Everything here runs on the session's event loop; {@link
 * dev.crossfade.postgresql.shape.ShapeHost} is all it knows of the session.
 */
@NullMarked
package dev.crossfade.postgresql.shape;

import org.jspecify.annotations.NullMarked;
