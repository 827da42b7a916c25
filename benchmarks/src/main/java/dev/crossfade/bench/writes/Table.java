package dev.crossfade.bench.writes;

import java.util.List;

/**
 * A table of old.
 *
 * @param key its primary key
 * @param uniques its unique constraints, the primary key first
 * @param numbered whether its key counts by itself
 */
record Table(
    String name, List<Column> columns, List<String> key, List<Unique> uniques, boolean numbered) {

  /**
   * @param needed whether every row has to say it: neither NULL nor a default
   * @param nullable whether it may be NULL
   */
  record Column(String name, Type type, boolean needed, boolean nullable) {
    static Column needed(String name, Type type) {
      return new Column(name, type, true, false);
    }

    static Column nullable(String name, Type type) {
      return new Column(name, type, false, true);
    }

    static Column withDefault(String name, Type type) {
      return new Column(name, type, false, false);
    }

    /** As it is written in a statement. */
    String sql() {
      return name.contains(" ") ? '"' + name + '"' : name;
    }
  }

  record Unique(String constraint, List<String> columns) {
    String list() {
      return String.join(", ", columns);
    }
  }

  /** What a column holds. */
  enum Type {
    KEY,
    SHARD,
    NAME,
    EMAIL,
    NUMBER,
    NICK,
    CENTS,
    RATING,
    TIER,
    TEXT,
    FLAG,
    CUSTOMER,
    ORDER,
    AMOUNT,
    SMALL,
    DAY,
    LINE,
    SKU,
    PRICE,
    INTEGER,
    TAGS,
    THEME;

    boolean isUnique() {
      return this == EMAIL || this == NUMBER || this == NICK || this == SKU;
    }

    boolean isText() {
      return this == NAME || this == TEXT || isUnique();
    }
  }

  static final Table CUSTOMERS =
      new Table(
          "customers",
          List.of(
              Column.needed("id", Type.KEY),
              Column.needed("shard", Type.SHARD),
              Column.needed("full_name", Type.NAME),
              Column.nullable("email", Type.EMAIL),
              Column.withDefault("balance_cents", Type.CENTS),
              Column.nullable("rating", Type.RATING),
              Column.withDefault("tier", Type.TIER),
              Column.nullable("note", Type.TEXT),
              Column.withDefault("active", Type.FLAG)),
          List.of("id"),
          List.of(
              new Unique("customers_pkey", List.of("id")),
              new Unique("customers_email", List.of("email"))),
          true);

  static final Table ORDERS =
      new Table(
          "orders",
          List.of(
              Column.needed("id", Type.KEY),
              Column.needed("shard", Type.SHARD),
              Column.needed("customer_id", Type.CUSTOMER),
              Column.needed("number", Type.NUMBER),
              Column.withDefault("amount", Type.AMOUNT),
              Column.withDefault("quantity", Type.SMALL),
              Column.nullable("Ship To", Type.TEXT),
              Column.withDefault("placed", Type.DAY)),
          List.of("id"),
          List.of(
              new Unique("orders_pkey", List.of("id")),
              new Unique("orders_number", List.of("number"))),
          true);

  static final Table ORDER_LINES =
      new Table(
          "order_lines",
          List.of(
              Column.needed("order_id", Type.ORDER),
              Column.needed("line_no", Type.LINE),
              Column.needed("shard", Type.SHARD),
              Column.needed("sku", Type.SKU),
              Column.needed("price", Type.PRICE),
              Column.nullable("discount", Type.INTEGER)),
          List.of("order_id", "line_no"),
          List.of(
              new Unique("order_lines_pkey", List.of("order_id", "line_no")),
              new Unique("order_lines_sku", List.of("order_id", "sku"))),
          false);

  static final Table ARTICLES =
      new Table(
          "articles",
          List.of(
              Column.needed("id", Type.KEY),
              Column.needed("shard", Type.SHARD),
              Column.needed("title", Type.TEXT),
              Column.withDefault("tags", Type.TAGS)),
          List.of("id"),
          List.of(new Unique("articles_pkey", List.of("id"))),
          false);

  static final Table MEMBERS =
      new Table(
          "members",
          List.of(
              Column.needed("id", Type.KEY),
              Column.needed("shard", Type.SHARD),
              Column.needed("nick", Type.NICK),
              Column.nullable("born", Type.DAY)),
          List.of("id"),
          List.of(
              new Unique("members_pkey", List.of("id")),
              new Unique("members_nick", List.of("nick"))),
          false);

  static final Table SETTINGS =
      new Table(
          "settings",
          List.of(
              Column.needed("member_id", Type.KEY),
              Column.needed("shard", Type.SHARD),
              Column.withDefault("theme", Type.THEME),
              Column.withDefault("quota", Type.INTEGER)),
          List.of("member_id"),
          List.of(new Unique("settings_pkey", List.of("member_id"))),
          false);

  static final Table VISITS =
      new Table(
          "visits",
          List.of(
              Column.needed("id", Type.KEY),
              Column.needed("shard", Type.SHARD),
              Column.withDefault("page", Type.TEXT),
              Column.nullable("seconds", Type.INTEGER)),
          List.of("id"),
          List.of(new Unique("visits_pkey", List.of("id"))),
          true);

  static final Table GUESTS =
      new Table(
          "guests",
          List.of(
              Column.needed("id", Type.KEY),
              Column.needed("shard", Type.SHARD),
              Column.needed("nick", Type.NICK),
              Column.nullable("born", Type.DAY)),
          List.of("id"),
          List.of(
              new Unique("guests_pkey", List.of("id")), new Unique("guests_nick", List.of("nick"))),
          false);

  static final Table STAYS =
      new Table(
          "stays",
          List.of(
              Column.needed("id", Type.KEY),
              Column.needed("shard", Type.SHARD),
              Column.needed("guest_id", Type.CUSTOMER),
              Column.withDefault("days", Type.INTEGER)),
          List.of("id"),
          List.of(new Unique("stays_pkey", List.of("id"))),
          false);

  static final Table PARCELS =
      new Table(
          "parcels",
          List.of(
              Column.needed("id", Type.KEY),
              Column.needed("shard", Type.SHARD),
              Column.needed("code", Type.NICK),
              Column.nullable("Ship To", Type.TEXT),
              Column.withDefault("weight", Type.SMALL),
              Column.nullable("sent", Type.DAY),
              Column.withDefault("theme", Type.THEME)),
          List.of("id"),
          List.of(
              new Unique("parcels_pkey", List.of("id")),
              new Unique("parcels_code", List.of("code"))),
          false);

  static final Table DESKS =
      new Table(
          "desks",
          List.of(
              Column.needed("id", Type.KEY),
              Column.needed("shard", Type.SHARD),
              Column.needed("title", Type.TEXT)),
          List.of("id"),
          List.of(new Unique("desks_pkey", List.of("id"))),
          false);

  static final Table LAMPS =
      new Table(
          "lamps",
          List.of(
              Column.needed("desk_id", Type.ORDER),
              Column.needed("shard", Type.SHARD),
              Column.withDefault("watts", Type.INTEGER)),
          List.of("desk_id"),
          List.of(new Unique("lamps_pkey", List.of("desk_id"))),
          false);

  static final Table MATS =
      new Table(
          "mats",
          List.of(
              Column.needed("desk_id", Type.ORDER),
              Column.needed("shard", Type.SHARD),
              Column.nullable("theme", Type.TEXT)),
          List.of("desk_id"),
          List.of(new Unique("mats_pkey", List.of("desk_id"))),
          false);

  /** Is emptied by everybody, and therefore none of {@link #ALL}. */
  static final Table TALLIES =
      new Table(
          "tallies",
          List.of(
              Column.needed("id", Type.KEY),
              Column.needed("shard", Type.SHARD),
              Column.nullable("note", Type.TEXT)),
          List.of("id"),
          List.of(new Unique("tallies_pkey", List.of("id"))),
          false);

  static final List<Table> ALL =
      List.of(
          CUSTOMERS,
          ORDERS,
          ORDER_LINES,
          ARTICLES,
          MEMBERS,
          SETTINGS,
          VISITS,
          GUESTS,
          STAYS,
          PARCELS,
          DESKS,
          LAMPS,
          MATS);

  Column column(String column) {
    return columns.stream().filter(each -> each.name().equals(column)).findFirst().orElseThrow();
  }

  List<Column> keyColumns() {
    return key.stream().map(this::column).toList();
  }

  /** The columns that a SET may name without changing who a row is. */
  List<Column> plain() {
    return columns.stream()
        .filter(column -> !key.contains(column.name()) && column.type() != Type.SHARD)
        .toList();
  }
}
