package dev.crossfade.postgresql.auth.terminated;

import com.ongres.scram.common.ScramFunctions;
import com.ongres.scram.common.ScramMechanism;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All users that the sidecar lets in, as they were at one moment.
 *
 * <p>Who asks for somebody else gets the same exchange with a salt of its own, always the same one,
 * and fails at its end: nobody learns from it who exists. The salts follow from the verifiers of
 * this list, so that all sidecars with the same list agree, and agree after a restart.
 */
public final class Users {
  /** As PostgreSQL has them. */
  private static final int SALT_BYTES = 16;

  private static final int ITERATIONS = 4096;

  private final Map<String, KnownUser> byName;
  private final byte[] mockKey;
  private final int mockIterations;

  /**
   * @param users each name once
   */
  public Users(Collection<KnownUser> users) {
    Map<String, KnownUser> named = new LinkedHashMap<>();
    ByteArrayOutputStream secrets = new ByteArrayOutputStream();
    Optional<ScramVerifier> first = Optional.empty();
    for (KnownUser user : users) {
      if (named.putIfAbsent(user.name(), user) != null) {
        throw new IllegalArgumentException("a user stands twice in the list");
      }
      if (user.verifier().isPresent()) {
        first = first.isPresent() ? first : user.verifier();
        secrets.writeBytes(user.verifier().get().storedKey());
        secrets.writeBytes(user.verifier().get().serverKey());
      }
    }
    byName = Map.copyOf(named);
    mockKey = ScramFunctions.hash(ScramMechanism.SCRAM_SHA_256, secrets.toByteArray());
    mockIterations = first.map(ScramVerifier::iterations).orElse(ITERATIONS);
  }

  public @Nullable KnownUser find(String name) {
    return byName.get(name);
  }

  public int size() {
    return byName.size();
  }

  /** What a user is asked with who is not let in whatever comes. */
  ScramVerifier mock(String name) {
    byte[] salt =
        ScramFunctions.hmac(
            ScramMechanism.SCRAM_SHA_256, mockKey, name.getBytes(StandardCharsets.UTF_8));
    byte[] none = new byte[ScramVerifier.KEY_BYTES];
    return new ScramVerifier(mockIterations, Arrays.copyOf(salt, SALT_BYTES), none, none);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Users users && users.byName.equals(byName);
  }

  @Override
  public int hashCode() {
    return byName.hashCode();
  }

  @Override
  public String toString() {
    return "Users[" + byName.size() + ']';
  }
}
