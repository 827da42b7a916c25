package dev.crossfade.server.store;

import java.sql.SQLException;

/**
 * The database did not do what was asked: it is away, or something is wrong with it. A retry can
 * help.
 */
public final class StoreException extends Exception {
  private static final long serialVersionUID = 1;

  StoreException(String message, SQLException cause) {
    super(message, cause);
  }
}
