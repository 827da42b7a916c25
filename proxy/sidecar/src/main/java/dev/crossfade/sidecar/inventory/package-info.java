/**
 * What the sidecar tells of the statements that it saw: pages for the control plane, and what both
 * databases say of their plans. No literal of a statement leaves through here.
 */
@NullMarked
package dev.crossfade.sidecar.inventory;

import org.jspecify.annotations.NullMarked;
