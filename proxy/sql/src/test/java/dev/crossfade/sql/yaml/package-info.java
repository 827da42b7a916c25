/** Tests of reading YAML. */
@NullMarked
package dev.crossfade.sql.yaml;

import org.jspecify.annotations.NullMarked;
