package dev.crossfade.inspect.database;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** A database did not answer a query. */
public final class QueryException extends Exception {
  private static final long serialVersionUID = 1L;

  /** As PostgreSQL quotes in the languages that it speaks. */
  private static final String QUOTED = "\".*\"|'.*'|».*«|«.*»|„.*[“”]|“.*”|‘.*’|「.*」";

  private final String state;

  public QueryException(SQLException cause) {
    super(said(cause), null, false, false);
    this.state = String.valueOf(cause.getSQLState());
  }

  /** SQLSTATE. */
  public String state() {
    return state;
  }

  /** Whether a row is to blame: a cast or a computation that it does not survive. */
  public boolean isOfData() {
    return state.startsWith("22") || state.startsWith("21") || state.startsWith("23");
  }

  /** Whether the query itself is to blame, whatever the rows. */
  public boolean isOfQuery() {
    return state.startsWith("42") || state.startsWith("0A");
  }

  public boolean isTimeout() {
    return state.equals("57014");
  }

  /** What the server said, without anything that it quoted: that may be from a row. */
  public String withoutValues() {
    return String.valueOf(getMessage()).replaceAll(QUOTED, "…") + " (" + state + ")";
  }

  private static String said(SQLException cause) {
    @Nullable ServerErrorMessage server =
        cause instanceof PSQLException failure ? failure.getServerErrorMessage() : null;
    String message = server == null ? cause.getMessage() : server.getMessage();
    return String.valueOf(message).replaceAll("\\s+", " ");
  }
}
