package dev.crossfade.server.access;

import dev.crossfade.engine.access.Token;
import dev.crossfade.server.store.StoreException;
import dev.crossfade.server.store.TokenStore;
import dev.crossfade.server.store.TokenStore.Tokens;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tokens of the store in memory, so that no call waits for the database, and sidecars are let
 * in while it is away. Other replicas' changes come with the next {@link #refresh}.
 */
final class KnownTokens {
  private static final Logger LOG = LoggerFactory.getLogger(KnownTokens.class);

  private final TokenStore store;
  private volatile Tokens tokens = Tokens.NONE;
  private boolean complained;

  KnownTokens(TokenStore store) {
    this.store = store;
  }

  /** Reads what has changed. */
  synchronized void read() throws StoreException {
    tokens = store.since(tokens);
    complained = false;
  }

  /** Reads what has changed, if that can be had. */
  synchronized void refresh() {
    try {
      read();
    } catch (StoreException e) {
      if (!complained) {
        complained = true;
        LOG.atWarn()
            .addKeyValue("reason", e.getMessage())
            .log("Tokens are not read again: those that were known count");
      }
    }
  }

  Optional<Token> find(String hash) {
    return Optional.ofNullable(tokens.byHash().get(hash));
  }

  boolean isEmpty() {
    return tokens.byHash().isEmpty();
  }
}
