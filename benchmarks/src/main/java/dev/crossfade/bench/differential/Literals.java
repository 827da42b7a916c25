package dev.crossfade.bench.differential;

import dev.crossfade.bench.data.Customer;
import dev.crossfade.bench.data.Order;
import org.jspecify.annotations.Nullable;

/** Constants and parameters; half of them are values that the tables hold. */
final class Literals {
  private final Draft draft;

  Literals(Draft draft) {
    this.draft = draft;
  }

  /** A constant of the sort whose type is certain wherever it stands. */
  Node literal(Sort sort) {
    return Node.of(
        switch (sort) {
          case LONG -> draft.chance(50) ? aLong() + "::bigint" : "CAST(" + aLong() + " AS int8)";
          case INT -> Integer.toString(draft.number(0, 400));
          case TEXT -> Draft.quoted(aText()) + draft.pick("::text", "::text", "::varchar(40)");
          case NUMERIC -> aLong() + "::numeric";
          case TIME -> time();
          case BOOL -> draft.pick("true", "false", "NULL::boolean");
          case LONGS -> draft.pick("'{1,2,NULL,7}'::bigint[]", "ARRAY[3, 4]::int8[]");
          case JSON -> draft.pick("'{\"a\": [1, null]}'::jsonb", "'[]'::jsonb", "NULL::jsonb");
        });
  }

  /** A constant without a type of its own, as people write it where a column stands beside it. */
  Node bare(Sort sort) {
    return switch (sort) {
      case LONG, NUMERIC -> Node.of(aLong());
      case TEXT -> Node.of(bareText());
      default -> literal(sort);
    };
  }

  /** A parameter whose type the server infers from what stands beside it, or one with a cast. */
  Node parameter(Sort sort, boolean inferred) {
    @Nullable String value =
        draft.chance(4)
            ? null
            : switch (sort) {
              case LONG, NUMERIC -> aLong();
              case INT -> Integer.toString(draft.number(0, 400));
              case TEXT -> aText();
              case TIME -> "2013-04-05 06:07:08.9+02";
              case BOOL -> "t";
              case LONGS -> "{1,5,9}";
              case JSON -> "{\"k\": 1}";
            };
    Node parameter = draft.parameter(value);
    return inferred ? parameter : Node.of(parameter, "::", sort.type());
  }

  private String bareText() {
    String text = aText();
    return switch (draft.number(0, 9)) {
      case 0 -> "E" + Draft.quoted(text.replace("\\", "\\\\"));
      case 1 -> text.contains("$") ? Draft.quoted(text) : "$q$" + text + "$q$";
      // This one is refused by design: what it says is hidden from whoever looks for 'now'.
      case 2 -> draft.chance(2) ? "U&'d\\0061ta'" : draft.pick("E'it\\'s'", "E'tab\\there'");
      default -> Draft.quoted(text);
    };
  }

  private String time() {
    Order order = draft.data().order(id(draft.data().orders()));
    return draft.pick(
        "timestamptz " + Draft.quoted(order.placedAt()),
        "'2015-06-07 08:09:10+00'::timestamptz",
        "TIMESTAMP WITH TIME ZONE '2020-02-29 23:59:59.999999+01'",
        "'infinity'::timestamptz");
  }

  /** Mostly the key of a row, small ones more often. */
  String aLong() {
    return switch (draft.number(0, 9)) {
      case 0 -> Long.toString(draft.number(-5, 5));
      case 1 -> draft.pick("9223372036854775807", "-100", "100000", "2147483648");
      case 2, 3 -> Integer.toString(draft.number(1, 12));
      default -> Long.toString(id(draft.data().customers()));
    };
  }

  String aText() {
    Customer customer = draft.data().customer(id(draft.data().customers()));
    @Nullable String text =
        switch (draft.number(0, 5)) {
          case 0, 1 -> customer.fullName();
          case 2 -> customer.email();
          case 3 -> draft.data().order(id(draft.data().orders())).note();
          case 4 -> draft.pick("paid", "shipped", "new", "returned", "");
          default -> draft.pick("a", "%e%", "x'y", "ö", " ");
        };
    return text == null || text.length() > 200 ? "Ada Brown" : text;
  }

  private long id(int most) {
    return draft.number(1, most);
  }
}
