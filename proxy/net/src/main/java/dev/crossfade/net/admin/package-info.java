/** Health and metrics over HTTP for operators. On virtual threads. */
@NullMarked
package dev.crossfade.net.admin;

import org.jspecify.annotations.NullMarked;
