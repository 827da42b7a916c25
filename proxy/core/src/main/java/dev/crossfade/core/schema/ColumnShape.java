package dev.crossfade.core.schema;

/**
 * One column as its catalog describes it.
 *
 * @param type the full type as SQL text that a cast accepts, modifiers included, such as {@code
 *     character varying(20)}
 */
public record ColumnShape(String name, String type, boolean nullable) {}
