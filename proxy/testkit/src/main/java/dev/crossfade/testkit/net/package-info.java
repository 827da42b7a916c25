/**
 * TCP with faults on demand, for tests that take a network apart. Any thread may switch a fault;
 * the bytes flow on threads of their own.
 */
@NullMarked
package dev.crossfade.testkit.net;

import org.jspecify.annotations.NullMarked;
