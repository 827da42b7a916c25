package dev.crossfade.postgresql.wire;

import java.util.Arrays;

/**
 * What lets somebody cancel a session's query.
 *
 * @param pid the backend's process id
 * @param secret 4 bytes in protocol 3.0, up to 256 in 3.2; never logged
 */
public record CancelKey(int pid, byte[] secret) {
  @Override
  public boolean equals(Object other) {
    return other instanceof CancelKey key && key.pid == pid && Arrays.equals(key.secret, secret);
  }

  @Override
  public int hashCode() {
    return 31 * pid + Arrays.hashCode(secret);
  }

  @Override
  public String toString() {
    return "CancelKey[pid=" + pid + ']';
  }
}
