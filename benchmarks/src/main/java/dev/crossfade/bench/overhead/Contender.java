package dev.crossfade.bench.overhead;

import dev.crossfade.bench.overhead.WireConnection.Endpoint;
import java.util.OptionalLong;

/**
 * A way to the database.
 *
 * @param name for tables
 * @param pid of the process that stands in the way; empty when none does
 */
record Contender(String name, Endpoint endpoint, OptionalLong pid) {
  static Contender direct(String name, Endpoint endpoint) {
    return new Contender(name, endpoint, OptionalLong.empty());
  }
}
