package dev.crossfade.server.access;

import io.grpc.Status;

/** What came of looking at a credential. */
sealed interface Login {
  /** It is known who it is. */
  record Known(Caller caller) implements Login {}

  /**
   * It is not let in.
   *
   * @param message one sentence for people, without secrets
   */
  record Refused(LoginFailure why, String message) implements Login {
    Status status() {
      Status status =
          why == LoginFailure.TOO_MANY ? Status.RESOURCE_EXHAUSTED : Status.UNAUTHENTICATED;
      return status.withDescription(message);
    }
  }
}
