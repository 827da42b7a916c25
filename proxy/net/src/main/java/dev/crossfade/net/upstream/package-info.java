/** Where datastores are, and channels to them, on the event loop of the session that asks. */
@NullMarked
package dev.crossfade.net.upstream;

import org.jspecify.annotations.NullMarked;
