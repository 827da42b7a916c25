/**
 * Certificates and keys from files, and the TLS handlers that are made of them. No protocol here.
 */
@NullMarked
package dev.crossfade.net.tls;

import org.jspecify.annotations.NullMarked;
