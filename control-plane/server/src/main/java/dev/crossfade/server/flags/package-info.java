/**
 * Follows flags of Unleash: one control plane asks Unleash and sets the shares of reads that flags
 * ask for. All of it happens on one thread of its own, which may block.
 *
 * <p>The client's own repository answers yes or no for one caller, and tells of a flag no more than
 * its name and whether it is on. So Unleash is asked with the client's {@code FeatureFetcher},
 * whose answer is the documented JSON of the client API, the same that the client gives to its
 * engine; the engine evaluates constraints, so that these mean here what they mean to every other
 * client. Its polling is not used: after errors that pauses for minutes, and it restores older
 * flags from a file where the catalog knows newer ones.
 */
@NullMarked
package dev.crossfade.server.flags;

import org.jspecify.annotations.NullMarked;
