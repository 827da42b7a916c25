package dev.crossfade.engine.catalog;

/**
 * How large things may grow. A snapshot carries the whole catalog to a sidecar with a heap of 64
 * MB.
 */
public final class CatalogLimits {
  public static final int MIGRATIONS_MAX = 200;
  public static final int YAML_MAX_BYTES = 256 << 10;
  public static final int CATALOG_MAX_BYTES = 3 << 20;
  public static final int SOURCE_MAX_CHARS = 1_024;
  public static final int ACTOR_MAX_CHARS = 128;
  public static final int REASON_MAX_CHARS = 1_024;
  public static final int NAME_MAX_CHARS = 63;
  public static final int DATABASE_MAX_CHARS = 512;

  private CatalogLimits() {}
}
