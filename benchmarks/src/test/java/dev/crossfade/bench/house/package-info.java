/**
 * The rules that every module keeps, as tests. They stand here because this is the one module that
 * sees all others; nothing calls them but the build.
 */
@NullMarked
package dev.crossfade.bench.house;

import org.jspecify.annotations.NullMarked;
