/**
 * How things are shown: templates that escape what they are given, words for the values of the
 * services, charts. Does no I/O but reading templates from the class path.
 */
@NullMarked
package dev.crossfade.server.console.view;

import org.jspecify.annotations.NullMarked;
