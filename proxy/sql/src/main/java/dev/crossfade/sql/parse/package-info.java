/** Reading SQL text: tokens, fingerprints, the grammar. Lexing runs on event loops, parsing never does. */
@NullMarked
package dev.crossfade.sql.parse;

import org.jspecify.annotations.NullMarked;
