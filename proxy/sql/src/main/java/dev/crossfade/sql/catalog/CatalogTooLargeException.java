package dev.crossfade.sql.catalog;

/** A database has more columns than are handled. */
public final class CatalogTooLargeException extends Exception {
  private static final long serialVersionUID = 1L;

  CatalogTooLargeException(int limit) {
    super("the database has more than " + limit + " columns in its tables", null, false, false);
  }
}
