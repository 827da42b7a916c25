@NullMarked
package dev.crossfade.sql.write;

import org.jspecify.annotations.NullMarked;
