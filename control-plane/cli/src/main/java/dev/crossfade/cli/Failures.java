package dev.crossfade.cli;

import io.grpc.StatusRuntimeException;
import io.netty.handler.ssl.NotSslRecordException;
import java.io.PrintWriter;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;

/** What went wrong on the way to the control plane or in it, as one line and an exit code. */
final class Failures {
  private Failures() {}

  static int tell(StatusRuntimeException failure, String target, PrintWriter err) {
    String said = failure.getStatus().getDescription();
    return switch (failure.getStatus().getCode()) {
      case UNAUTHENTICATED -> {
        err.println(
            "ctl: "
                + said
                + "; a token comes from CROSSFADE_TOKEN or --token-file, a certificate from --cert"
                + " and --key");
        yield CtlMain.EXIT_REFUSED;
      }
      case UNAVAILABLE -> {
        err.println(
            "ctl: the control plane at " + target + " cannot be reached: " + rootCause(failure));
        yield CtlMain.EXIT_UNREACHABLE;
      }
      case DEADLINE_EXCEEDED -> {
        err.println("ctl: the control plane at " + target + " did not answer in time");
        yield CtlMain.EXIT_UNREACHABLE;
      }
      case INTERNAL, UNKNOWN, UNIMPLEMENTED -> {
        err.println(
            "ctl: what answers at " + target + " is no control plane of this version: " + said);
        yield CtlMain.EXIT_UNREACHABLE;
      }
      default -> {
        err.println("ctl: " + (said == null ? failure.getStatus().getCode() : said));
        yield CtlMain.EXIT_REFUSED;
      }
    };
  }

  private static String rootCause(StatusRuntimeException failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof CertPathBuilderException || cause instanceof CertPathValidatorException) {
      return "its certificate is not trusted; name the authority that has signed it with --ca ("
          + cause.getMessage()
          + ")";
    }
    if (cause instanceof NotSslRecordException) {
      return "it does not speak TLS there; leave --tls, --ca and --cert out";
    }
    // The native transport puts the name of its system call in front.
    String said =
        cause == failure
            ? String.valueOf(failure.getStatus().getDescription())
            : String.valueOf(cause.getMessage())
                .replaceFirst("^.* failed with error\\(-?[0-9]+\\): ", "");
    // What the transport says of somebody who waits for a handshake that never comes: he closes,
    // and
    // if he has not read all that he was sent, that is a reset.
    return said.startsWith("Network closed") || said.startsWith("Connection reset")
        ? said + "; if it speaks TLS, add --tls or --ca"
        : said;
  }
}
