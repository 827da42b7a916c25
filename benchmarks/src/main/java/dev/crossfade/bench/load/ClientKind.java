package dev.crossfade.bench.load;

/** The ways in which pgjdbc speaks to a server; clients take them in turn. */
public enum ClientKind {
  /** Named prepared statements from the second execution on, binary results. */
  PREPARED("prepareThreshold=2", false),
  /** Simple queries with the values in the text. */
  SIMPLE("preferQueryMode=simple", false),
  /** Unnamed statements, parsed anew each time. */
  UNNAMED("prepareThreshold=0", false),
  /** READ ONLY transactions of several reads, fetched a few rows at a time through portals. */
  READ_ONLY_TRANSACTIONS("prepareThreshold=2&defaultRowFetchSize=7", true);

  private final String parameters;
  private final boolean transactions;

  ClientKind(String parameters, boolean transactions) {
    this.parameters = parameters;
    this.transactions = transactions;
  }

  /** Of the JDBC URL. */
  String parameters() {
    return parameters;
  }

  boolean readsInTransactions() {
    return transactions;
  }
}
