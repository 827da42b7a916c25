/**
 * What stands on each page: small presenters, each with a template of its own, that turn answers of
 * the services into parts of a page. Blocks; for virtual threads.
 */
@NullMarked
package dev.crossfade.server.console.page;

import org.jspecify.annotations.NullMarked;
