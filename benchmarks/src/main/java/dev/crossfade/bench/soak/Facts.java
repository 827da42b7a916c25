package dev.crossfade.bench.soak;

import dev.crossfade.bench.data.DataSet;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The texts that answers have to carry, by key. */
final class Facts {
  /** As many as the old schema has. */
  static final int ACCOUNTS = 100_000;

  // char(84), which loses its padding when cast to text.
  private static final byte[] FILLER = new byte[0];
  private static final byte[] NOTHING = bytes("nothing");
  private static final byte[] COUNTED = bytes("counted");
  private static final byte[] SLEPT = bytes("slept");
  private static final byte[] REFUSED = bytes("refused");

  private final byte[] @Nullable [] names;
  private final byte[][] states;

  Facts(DataSet data) {
    names = new byte[data.customers() + 1][];
    for (int id = 1; id <= data.customers(); id++) {
      String name = data.customer(id).fullName();
      names[id] = name == null ? null : bytes(name);
    }
    states = new byte[data.orders() + 1][];
    for (int id = 1; id <= data.orders(); id++) {
      states[id] = bytes(data.order(id).status());
    }
  }

  /** How many keys there are to ask for; they begin with 1. */
  int keys(Kind kind) {
    return switch (kind) {
      case CUSTOMER, CUSTOMERS, COUNT -> names.length - 1;
      case ORDER, ORDERS -> states.length - 1;
      case ACCOUNT, ACCOUNTS, NOTHING, SLEEP, REFUSED -> ACCOUNTS;
    };
  }

  /** The second column beside this number; null is NULL. */
  byte @Nullable [] text(Kind kind, long number) {
    return switch (kind) {
      case CUSTOMER, CUSTOMERS -> names[(int) number];
      case ORDER, ORDERS -> states[(int) number];
      case ACCOUNT, ACCOUNTS -> FILLER;
      case NOTHING -> NOTHING;
      case COUNT -> COUNTED;
      case SLEEP -> SLEPT;
      case REFUSED -> REFUSED;
    };
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
