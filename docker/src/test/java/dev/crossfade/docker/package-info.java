/**
 * The built images, run as containers, and the files beside them that start them together. Nothing
 * of ours is on this class path: containers are asked what anybody can ask them.
 */
@NullMarked
package dev.crossfade.docker;

import org.jspecify.annotations.NullMarked;
