package dev.crossfade.bench.data;

/**
 * What the rows are made of. The order of the words is part of the data set: another order is other
 * data.
 */
final class Words {
  static final String[] GIVEN_NAMES = {
    "Ada",
    "Alan",
    "Amara",
    "Ana María",
    "Bjørn",
    "Chloé",
    "Dmitri",
    "Ebru",
    "Fatima",
    "Grace",
    "Hana",
    "Ingrid",
    "Jean-Luc",
    "José",
    "Kwame",
    "Lin",
    "Małgorzata",
    "Nguyễn",
    "Olu",
    "Priya",
    "Quentin",
    "Rosa",
    "Søren",
    "Tomáš",
    "Uma",
    "Vera",
    "Wei",
    "Xóchitl",
    "Yuki",
    "Zoë",
    "Иван",
    "Ελένη",
    "محمد",
    "דניאל",
    "太郎",
    "지민",
    "สมชาย"
  };
  static final String[] FAMILY_NAMES = {
    "Adeyemi",
    "Andersson",
    "Brown",
    "Castillo",
    "D'Angelo",
    "de la Cruz",
    "Eriksen",
    "Fernández",
    "García",
    "Haddad",
    "Ivanov",
    "Jansen",
    "Kowalska",
    "Lovelace",
    "Müller",
    "Nakamura",
    "O'Neill",
    "Papadopoulos",
    "Quispe",
    "Rossi",
    "Şahin",
    "Tanaka",
    "Ueda",
    "van der Berg",
    "Weiß",
    "Xu",
    "Yılmaz",
    "Zhang",
    "Петрова",
    "Παππάς",
    "الأحمد",
    "כהן",
    "山田",
    "김",
    "ใจดี"
  };

  /** Each of them has broken a split, a quote or an encoding somewhere. */
  static final String[] ODD_NAMES = {
    "",
    " ",
    "   ",
    "Plato",
    "Plato ",
    " Plato",
    "  two  blanks  everywhere  ",
    "tab\tand\nnew line",
    "carriage\r\nreturn",
    "back\\slash \\N \\. \\x41",
    "Robert'); DROP TABLE customers;--",
    "\"quoted\" 'twice' $$dollar$$ $1 ?",
    "NULL",
    "null null",
    "🎉 Party 👩‍👩‍👧‍👦 Family",
    "e\u0301 combining cafe\u0301",
    "é precomposed café",
    "مرحبا بالعالم",
    "\u202Eright to left override\u202C text",
    "zero\u200Bwidth \uFEFFmarks",
    "no-break\u00A0space is\u2003no blank",
    "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𐍈 beyond the BMP",
    "ẞß İı ﬁ ligature",
    "\u0001control \u007Fcharacters",
    "/* comment */ -- here",
    "percent % under_score",
    "a b c d e f g h i j k l m n o p q r s t u v w x y z"
  };

  static final String[] ODD_EMAILS = {
    "",
    " ",
    "no-at-sign",
    "UPPER@EXAMPLE.ORG",
    "upper@example.org",
    "o'hara@example.org",
    "\"quoted blank\"@example.org",
    "ünïcode@exämple.org",
    "trailing@example.org ",
    "a@b",
    "back\\slash@example.org",
    "用户@例子.广告"
  };
  static final String[] MAILBOXES = {"mail", "me", "hello", "info", "post", "j.doe"};
  static final String[] DOMAINS = {"org", "com", "net"};
  static final String[] STATUSES = {
    "new", "paid", "paid", "shipped", "shipped", "shipped", "returned", "cancelled"
  };

  /** In cents. */
  static final Long[] ODD_AMOUNTS = {
    Long.MIN_VALUE,
    Long.MIN_VALUE + 1,
    Long.MAX_VALUE,
    Long.MAX_VALUE - 1,
    0L,
    1L,
    -1L,
    9L,
    10L,
    99L,
    -99L,
    100L,
    101L,
    (long) Integer.MAX_VALUE,
    (long) Integer.MIN_VALUE,
    1L << 53,
    (1L << 53) + 1,
    999_999_999_999_999_999L
  };

  static final String[] ODD_TIMES = {
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999Z",
    "infinity",
    "-infinity",
    "4713-01-01T00:00:00Z BC",
    "294276-12-31T23:59:59.999999Z",
    "1970-01-01T00:00:00Z",
    "1969-12-31T23:59:59.999999Z",
    "2000-01-01T00:00:00.000001Z",
    "2024-02-29T12:00:00+14:00",
    "2023-03-26T02:30:00+01:00",
    "1883-11-18T12:03:58-04:56:02"
  };

  private Words() {}
}
