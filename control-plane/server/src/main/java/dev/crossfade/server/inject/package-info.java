/**
 * The admission webhook that adds a sidecar to pods that ask for one. It knows Kubernetes as JSON
 * and calls nobody. {@link dev.crossfade.server.inject.Injector} decides and is pure; {@link
 * dev.crossfade.server.inject.InjectServer} has an event loop of its own and does everything there.
 */
@NullMarked
package dev.crossfade.server.inject;

import org.jspecify.annotations.NullMarked;
