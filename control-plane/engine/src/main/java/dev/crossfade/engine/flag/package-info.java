/**
 * What a flag of Unleash says of a share of reads. Pure: who asks Unleash, and by what, is not
 * known here. Any thread.
 */
@NullMarked
package dev.crossfade.engine.flag;

import org.jspecify.annotations.NullMarked;
