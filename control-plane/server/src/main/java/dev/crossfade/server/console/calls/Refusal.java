package dev.crossfade.server.console.calls;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.jspecify.annotations.Nullable;

/**
 * A call that was not answered as wished.
 *
 * @param httpStatus the same for a browser
 * @param sentence for people, as the service said it
 */
public record Refusal(int httpStatus, String sentence) {
  public static Refusal of(StatusRuntimeException failure) {
    Status status = failure.getStatus();
    String said = status.getDescription();
    return switch (status.getCode()) {
      case INVALID_ARGUMENT, OUT_OF_RANGE -> new Refusal(400, orElse(said, "that is not possible"));
      case UNAUTHENTICATED -> new Refusal(401, orElse(said, "log in first"));
      case PERMISSION_DENIED -> new Refusal(403, orElse(said, "you may not do that"));
      case NOT_FOUND -> new Refusal(404, orElse(said, "there is no such thing"));
      case FAILED_PRECONDITION, ABORTED, ALREADY_EXISTS ->
          new Refusal(409, orElse(said, "that does not fit what is in force"));
      case RESOURCE_EXHAUSTED ->
          new Refusal(503, orElse(said, "the control plane is busy: try again in a moment"));
      case UNAVAILABLE ->
          new Refusal(503, orElse(said, "the control plane cannot be reached: try again"));
      case DEADLINE_EXCEEDED, CANCELLED ->
          new Refusal(504, "the control plane did not answer in time: try again");
      case UNIMPLEMENTED -> new Refusal(501, "this control plane does not offer that");
      case OK, UNKNOWN, INTERNAL, DATA_LOSS ->
          new Refusal(500, "the control plane failed; its log says why");
    };
  }

  private static String orElse(@Nullable String said, String otherwise) {
    return said == null ? otherwise : said;
  }

  /** Whether somebody has to log in for it. */
  public boolean wantsLogin() {
    return httpStatus == 401;
  }
}
