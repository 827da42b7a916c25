/**
 * What every page of the console needs of HTTP: who comes, what is let in, which headers go out,
 * the files of the pages. Knows no page; any thread may call it.
 */
@NullMarked
package dev.crossfade.server.console.http;

import org.jspecify.annotations.NullMarked;
