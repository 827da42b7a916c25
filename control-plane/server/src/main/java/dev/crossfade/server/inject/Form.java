package dev.crossfade.server.inject;

import com.google.gson.JsonPrimitive;
import java.util.regex.Pattern;

/** What the value of an annotation may look like. */
enum Form {
  NAME("[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?", "a Kubernetes name, such as shop-sidecar"),
  QUANTITY("[0-9]{1,9}(\\.[0-9]{1,3})?(m|k|M|G|Ki|Mi|Gi)?", "a quantity, such as 100m or 128Mi"),
  PORT("[1-9][0-9]{0,4}", "a port from 1 to 65535");

  private static final int PORT_MAX = 65_535;

  private final Pattern pattern;
  private final String expected;

  Form(String pattern, String expected) {
    this.pattern = Pattern.compile(pattern);
    this.expected = expected;
  }

  boolean fits(String value) {
    return pattern.matcher(value).matches()
        && (this != PORT || Integer.parseInt(value) <= PORT_MAX);
  }

  /** What would be right, for people. */
  String expected() {
    return expected;
  }

  /** A value alone, as JSON has it. */
  JsonPrimitive json(String value) {
    return switch (this) {
      case NAME, QUANTITY -> new JsonPrimitive(value);
      case PORT -> new JsonPrimitive(Integer.parseInt(value));
    };
  }
}
