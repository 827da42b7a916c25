package dev.crossfade.bench.differential;

import java.util.List;

/**
 * Statements that chance would hardly make, and those that are refused by design, in a modest
 * share.
 */
final class Specials {
  private final Draft draft;
  private final Grammar grammar;
  private final Literals literals;

  Specials(Grammar grammar) {
    this.grammar = grammar;
    this.draft = grammar.draft();
    this.literals = grammar.literals();
  }

  Query query() {
    draft.mappedTable();
    Node node =
        switch (draft.number(0, 13)) {
          case 0 -> wholeRow();
          case 1 -> qualifiedColumn();
          case 2 -> functionalDependency();
          case 3, 4 -> recursion();
          case 5 -> recursionOverItsTable();
          case 6, 7 -> shadows();
          case 8 -> nestedShadows();
          case 9 -> manyShapes();
          case 10 -> parameterTypes();
          case 11 -> systemNames();
          case 12 -> overCommonTable();
          default -> wholeRowOfQuery();
        };
    return new Query(node, List.of(), false);
  }

  private Node wholeRow() {
    draft.uses(Construct.WHOLE_ROW_OF_TABLE);
    return switch (draft.number(0, 4)) {
      case 0 -> Node.of("SELECT c FROM customers c WHERE id < ", literals.bare(Sort.LONG));
      case 1 -> Node.of("SELECT count(o) FROM orders o");
      case 2 -> Node.of("SELECT to_jsonb(customers) FROM customers");
      case 3 -> Node.of("SELECT o.id FROM orders o WHERE o IS NOT NULL");
      default ->
          Node.of("SELECT c.id, (o).total_cents FROM customers c JOIN orders o ON o.id = c.id");
    };
  }

  private Node qualifiedColumn() {
    draft.uses(Construct.QUALIFIED_COLUMN);
    draft.uses(Construct.QUALIFIED_NAME);
    return switch (draft.number(0, 2)) {
      case 0 -> Node.of("SELECT public.customers.id FROM public.customers");
      case 1 -> Node.of("SELECT public.orders.* FROM public.orders");
      default ->
          Node.of(
              "SELECT c.id FROM customers c, public.orders WHERE c.id = public.orders.customer_id",
              Node.extra(" AND c.id < ", literals.bare(Sort.LONG)));
    };
  }

  /** The key determines the rest, which a server knows of tables only. */
  private Node functionalDependency() {
    draft.uses(Construct.FUNCTIONAL_DEPENDENCY);
    draft.uses(Construct.GROUP_BY);
    return draft.chance(50)
        ? Node.of(
            "SELECT c.id, c.full_name, count(o.id) FROM customers c LEFT JOIN orders o"
                + " ON o.customer_id = c.id GROUP BY c.id")
        : Node.of("SELECT id, status FROM orders GROUP BY id");
  }

  private Node recursion() {
    draft.uses(Construct.RECURSIVE);
    String union = draft.pick("UNION ALL", "UNION");
    return Node.of(
        "WITH RECURSIVE walk (id, depth) AS (SELECT id, 0 FROM customers WHERE id < ",
        Integer.toString(draft.number(2, 9)),
        " "
            + union
            + " SELECT o.id, w.depth + 1 FROM walk w JOIN orders o ON o.customer_id = w.id"
            + " WHERE w.depth < 2",
        ") SELECT w.depth, count(*), min(c.full_name), max(w.id) FROM walk w LEFT JOIN customers c"
            + " USING (id)",
        Node.extra(" WHERE c.balance_cents IS DISTINCT FROM ", literals.literal(Sort.LONG)),
        " GROUP BY w.depth");
  }

  /** The name of the WITH means itself in its second half, because it is recursive. */
  private Node recursionOverItsTable() {
    draft.uses(Construct.RECURSIVE);
    draft.uses(Construct.CTE_SHADOWS_TABLE);
    return Node.of(
        "WITH RECURSIVE orders(id, step) AS (SELECT o.id, 1 FROM public.orders o WHERE o.id < ",
        Integer.toString(draft.number(3, 20)),
        " UNION ALL SELECT orders.id + 100, step + 1 FROM orders WHERE step < 3)",
        " SELECT orders.id, step, p.status FROM orders LEFT JOIN public.orders p ON p.id ="
            + " orders.id");
  }

  private Node shadows() {
    draft.uses(Construct.CTE);
    draft.uses(Construct.CTE_SHADOWS_TABLE);
    String limit = Integer.toString(draft.number(3, 90));
    return switch (draft.number(0, 2)) {
      case 0 ->
          Node.of(
              "WITH customers AS (SELECT * FROM customers WHERE id < " + limit + ")",
              " SELECT c.id, customers.email FROM customers",
              Node.extra(" JOIN public.customers c ON c.id = customers.id + 1"),
              Node.extra(
                  " CROSS JOIN LATERAL (SELECT max(id) FROM orders WHERE customer_id ="
                      + " customers.id) x"));
      case 1 ->
          Node.of(
              "WITH customers AS (SELECT id, status AS full_name FROM orders), orders AS (SELECT"
                  + " full_name, count(*) AS n FROM customers GROUP BY 1)",
              " SELECT o.n, o.full_name, (SELECT count(*) FROM public.customers) FROM orders o",
              Node.extra(" WHERE full_name <> ", literals.bare(Sort.TEXT)));
      default ->
          Node.of(
              "SELECT id, (WITH customers AS (SELECT 7 AS id) SELECT id FROM customers) AS seven",
              " FROM customers WHERE id IN (WITH orders AS (SELECT customer_id AS c FROM orders)"
                  + " SELECT c FROM orders WHERE c < "
                  + limit
                  + ")");
    };
  }

  private Node nestedShadows() {
    draft.uses(Construct.NESTED_WITH);
    draft.uses(Construct.CTE_SHADOWS_TABLE);
    return Node.of(
        "WITH a AS (WITH customers AS (SELECT id, note FROM orders) SELECT * FROM customers),"
            + " \"customers\" AS (SELECT id, full_name FROM customers)",
        " SELECT a.note, c.full_name FROM a JOIN Customers c USING (id)",
        Node.extra(
            " UNION ALL (WITH orders AS (TABLE customers) SELECT full_name, id::text FROM orders)"),
        Node.extra(" EXCEPT SELECT note, status FROM orders"));
  }

  private Node manyShapes() {
    draft.uses(Construct.NESTED_JOIN);
    return switch (draft.number(0, 3)) {
      case 0 ->
          Node.of(
              "SELECT a.id, j.* FROM customers a LEFT JOIN (orders o JOIN customers b ON o.id ="
                  + " b.id) AS j (k1, k2, k3, k4, k5, k6, k7) ON a.id = j.k1");
      case 1 ->
          Node.of(
              "SELECT id, j.id AS again FROM customers JOIN orders USING (id) AS j",
              Node.extra(" WHERE j.id > ", literals.bare(Sort.LONG)));
      case 2 ->
          Node.of(
              "(SELECT id FROM customers ORDER BY id DESC LIMIT 3) UNION (SELECT customer_id FROM"
                  + " orders EXCEPT SELECT id FROM orders)");
      default ->
          Node.of(
              "SELECT ((SELECT (c.id, max(o.total_cents)) FROM orders AS o WHERE o.customer_id ="
                  + " c.id)) IS NULL, array(select row(o.id, o.status) from orders o where"
                  + " o.customer_id = c.id order by o.id) FROM customers c");
    };
  }

  /** Types that old infers from its columns. */
  private Node parameterTypes() {
    Node text = literals.parameter(Sort.TEXT, true);
    Node number = literals.parameter(Sort.LONG, true);
    return switch (draft.number(0, 2)) {
      case 0 ->
          Node.of(
              "SELECT id, coalesce(email, ",
              text,
              ") FROM customers WHERE balance_cents > ",
              number);
      case 1 ->
          Node.of(
              "SELECT id, CASE status WHEN ",
              text,
              " THEN ",
              number,
              " ELSE total_cents END FROM orders");
      default ->
          Node.of(
              "SELECT x.id FROM (SELECT id, email FROM customers UNION ALL SELECT ",
              number,
              ", ",
              text,
              ") AS x WHERE x.email >= ",
              text);
    };
  }

  /** Names that are near to what is refused, and harmless. */
  private Node systemNames() {
    return switch (draft.number(0, 2)) {
      case 0 ->
          Node.of(
              "SELECT c.\"id\" AS \"ctid\", 'now' || c.id AS \"current_user\" FROM customers AS c");
      case 1 ->
          Node.of(
              "SELECT pg_catalog.lower(\"customers\".\"email\") AS lower FROM"
                  + " \"public\".customers");
      default ->
          Node.of(
              "SELECT \"Orders\".id AS \"Id\" FROM orders AS \"Orders\", LATERAL (SELECT 1) _(a)");
    };
  }

  private Node overCommonTable() {
    draft.uses(Construct.CTE);
    draft.uses(Construct.MATERIALIZED);
    return Node.of(
        "WITH spent AS MATERIALIZED (SELECT customer_id, sum(total_cents) AS cents FROM orders"
            + " GROUP BY customer_id) SELECT c.full_name, s.cents, rank() OVER (ORDER BY s.cents"
            + " DESC),",
        " s.cents > ALL (SELECT cents FROM spent WHERE customer_id <> c.id)",
        " FROM customers c JOIN spent s ON s.customer_id = c.id",
        Node.extra(" WHERE c.email LIKE ", literals.bare(Sort.TEXT)));
  }

  private Node wholeRowOfQuery() {
    draft.uses(Construct.WHOLE_ROW_OF_QUERY);
    return Node.of(
        "SELECT s, to_jsonb(s), (s).id FROM (SELECT id, full_name, created_at FROM customers",
        Node.extra(" WHERE id <> ", grammar.literals().bare(Sort.LONG)),
        ") s");
  }
}
