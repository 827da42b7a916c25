package dev.crossfade.bench.data;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Customers and orders that are the same for the same seed, row by row: each row depends on the
 * seed and its number only.
 *
 * <p>About one row in sixteen is odd, so that every kind of value that ever broke a migration is
 * there hundreds of times.
 */
public final class DataSet {
  private static final long CUSTOMER_STREAM = 0x632BE59BD9B4E019L;
  private static final long ORDER_STREAM = 0x9E3779B97F4A7C15L;
  private static final int ODD_ONE_IN = 16;
  private static final Instant FIRST_DAY = Instant.parse("2009-03-01T00:00:00Z");
  private static final long SECONDS_OF_BUSINESS = ChronoUnit.DAYS.getDuration().toSeconds() * 6_000;

  private final long seed;
  private final int customers;
  private final int orders;

  public DataSet(long seed, int customers, int orders) {
    if (customers < 1 || orders < 0) {
      throw new IllegalArgumentException(
          "at least one customer is needed, got " + customers + " and " + orders + " orders");
    }
    this.seed = seed;
    this.customers = customers;
    this.orders = orders;
  }

  public int customers() {
    return customers;
  }

  public int orders() {
    return orders;
  }

  /**
   * @param id from 1 to {@link #customers()}
   */
  public Customer customer(long id) {
    SplittableRandom random = stream(CUSTOMER_STREAM, id);
    return new Customer(
        id,
        fullName(random),
        email(random, id),
        balance(random),
        isOdd(random) ? oddTime(random) : time(random));
  }

  /**
   * @param id from 1 to {@link #orders()}
   */
  public Order order(long id) {
    SplittableRandom random = stream(ORDER_STREAM, id);
    // The smaller of two draws: a few customers order a lot, and some never did.
    long customer = 1 + Math.min(random.nextInt(customers), random.nextInt(customers));
    String status = pick(random, Words.STATUSES);
    long total = isOdd(random) ? pick(random, Words.ODD_AMOUNTS) : random.nextLong(50, 2_000_00);
    return new Order(id, customer, status, total, note(random), time(random));
  }

  private SplittableRandom stream(long stream, long id) {
    return new SplittableRandom((seed + 1) * stream + id * 0xD1342543DE82EF95L);
  }

  private static boolean isOdd(SplittableRandom random) {
    return random.nextInt(ODD_ONE_IN) == 0;
  }

  private static @Nullable String fullName(SplittableRandom random) {
    if (!isOdd(random)) {
      return pick(random, Words.GIVEN_NAMES) + ' ' + pick(random, Words.FAMILY_NAMES);
    }
    int kind = random.nextInt(Words.ODD_NAMES.length + 2);
    if (kind < Words.ODD_NAMES.length) {
      return Words.ODD_NAMES[kind];
    }
    return kind == Words.ODD_NAMES.length ? null : veryLongName(random);
  }

  private static String veryLongName(SplittableRandom random) {
    StringBuilder name = new StringBuilder();
    int parts = random.nextInt(50, 150);
    for (int part = 0; part < parts; part++) {
      name.append(pick(random, Words.FAMILY_NAMES)).append(part % 3 == 2 ? " " : "-");
    }
    return name.toString();
  }

  private static @Nullable String email(SplittableRandom random, long id) {
    return switch (random.nextInt(ODD_ONE_IN)) {
      case 0, 1 -> null;
      case 2 -> pick(random, Words.ODD_EMAILS);
      default -> pick(random, Words.MAILBOXES) + id + "@example." + pick(random, Words.DOMAINS);
    };
  }

  private static @Nullable Long balance(SplittableRandom random) {
    if (!isOdd(random)) {
      return random.nextLong(-50_000_00, 500_000_00);
    }
    int kind = random.nextInt(Words.ODD_AMOUNTS.length + 1);
    return kind < Words.ODD_AMOUNTS.length ? Words.ODD_AMOUNTS[kind] : null;
  }

  private static String time(SplittableRandom random) {
    return FIRST_DAY
        .plusSeconds(random.nextLong(SECONDS_OF_BUSINESS))
        .plus(random.nextLong(1_000_000), ChronoUnit.MICROS)
        .toString();
  }

  private static @Nullable String oddTime(SplittableRandom random) {
    int kind = random.nextInt(Words.ODD_TIMES.length + 1);
    return kind < Words.ODD_TIMES.length ? Words.ODD_TIMES[kind] : null;
  }

  private static @Nullable String note(SplittableRandom random) {
    return switch (random.nextInt(8)) {
      case 0 -> pick(random, Words.ODD_NAMES);
      case 1 -> "leave it with " + pick(random, Words.GIVEN_NAMES);
      default -> null;
    };
  }

  private static <T> T pick(SplittableRandom random, T[] from) {
    return from[random.nextInt(from.length)];
  }
}
