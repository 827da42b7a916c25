package dev.crossfade.server.inject;

/**
 * Something that a pod may say by an annotation of this name.
 *
 * @param name behind {@code crossfade.dev/}
 * @param form what its value has to look like
 * @param usual what holds for pods that do not say
 */
record Parameter(String name, Form form, String usual) {}
