package dev.crossfade.postgresql.auth;

import dev.crossfade.postgresql.wire.CancelKey;
import io.netty.channel.Channel;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A channel that has reached its first ReadyForQuery.
 *
 * @param statuses what the server reported by ParameterStatus
 * @param cancelKey null where the server sent none
 */
public record LoggedIn(Channel channel, Map<String, String> statuses, @Nullable CancelKey cancelKey) {
  public LoggedIn {
    statuses = Map.copyOf(statuses);
  }
}
