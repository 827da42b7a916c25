package dev.crossfade.sidecar;

import dev.crossfade.core.secret.SecretException;
import dev.crossfade.net.tls.DialerTls;
import dev.crossfade.net.tls.TlsException;
import dev.crossfade.sidecar.config.SidecarConfig;
import dev.crossfade.sidecar.config.SidecarConfig.ControlPlane;
import dev.crossfade.sidecar.config.SidecarConfig.TokenPlace;
import dev.crossfade.sidecar.control.ControlLine;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the control plane is spoken to and who this sidecar says it is, as their files have it.
 * {@link #refresh} takes up what has changed, for connections from then on. Safe on any thread.
 */
final class ControlAccess {
  private static final Logger LOG = LoggerFactory.getLogger(ControlAccess.class);

  /** What can stand in a header; more is the control plane's affair. */
  private static final Pattern TOKEN = Pattern.compile("[!-~]{1,1024}");

  private final @Nullable DialerTls tls;
  private final @Nullable TokenPlace place;
  private volatile Optional<String> token;
  private String complaint = "";

  private ControlAccess(
      @Nullable DialerTls tls, @Nullable TokenPlace place, Optional<String> token) {
    this.tls = tls;
    this.place = place;
    this.token = token;
  }

  /**
   * Reads the files. Blocks.
   *
   * @param problems gets a line for each thing that is wrong
   */
  static ControlAccess load(SidecarConfig config, List<String> problems) {
    Optional<ControlPlane> control = config.controlPlane();
    DialerTls tls = null;
    Optional<DialerTls.Source> source = control.flatMap(ControlPlane::tls);
    if (source.isPresent()) {
      try {
        tls = DialerTls.load(source.get());
      } catch (TlsException e) {
        problems.add(config.source() + " controlPlane.tls: " + e.file() + ' ' + e.reason());
      }
    }
    Optional<TokenPlace> place = control.flatMap(ControlPlane::token);
    Optional<String> token = Optional.empty();
    if (place.isPresent()) {
      try {
        token = Optional.of(read(place.get()));
      } catch (SecretException e) {
        problems.add(config.source() + " controlPlane.token: " + e.getMessage());
      }
    }
    return new ControlAccess(tls, place.orElse(null), token);
  }

  private static String read(TokenPlace place) throws SecretException {
    String token = place.source().read(place.reference()).strip();
    if (!TOKEN.matcher(token).matches()) {
      throw new SecretException(place.reference() + " has no token in it: one is cf_ and 43 more");
    }
    return token;
  }

  ControlLine line() {
    return new ControlLine(Optional.ofNullable(tls).map(DialerTls::context), () -> token);
  }

  /** What can't be used is logged once, and what was known stays. Blocks. */
  synchronized void refresh() {
    if (tls != null) {
      tls.refresh();
    }
    if (place == null) {
      return;
    }
    try {
      String read = read(place);
      if (!token.equals(Optional.of(read))) {
        token = Optional.of(read);
        LOG.atInfo()
            .addKeyValue("token", place.reference())
            .log("token of the control plane reloaded");
      }
      complaint = "";
    } catch (SecretException e) {
      if (!complaint.equals(e.getMessage())) {
        complaint = String.valueOf(e.getMessage());
        LOG.atWarn()
            .addKeyValue("reason", complaint)
            .log("token of the control plane not reloaded, the one before stays");
      }
    }
  }
}
