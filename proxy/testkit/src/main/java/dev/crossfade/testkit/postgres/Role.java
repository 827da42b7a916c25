package dev.crossfade.testkit.postgres;

/** A role that may log in, and what it has to show for it. */
record Role(String name, String password, Authentication authentication) {
  /** The line of pg_hba.conf that demands the password from this role, for every database. */
  String hbaLine() {
    return "host all " + quoted(name, '"') + " all " + authentication.hbaMethod();
  }

  /**
   * The statements that create the role if it is not there yet, with its password stored as its
   * authentication needs it.
   */
  String sql() {
    return """
    SET password_encryption = '%s';
    DO $$ BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = %s) THEN CREATE ROLE %s LOGIN; END IF;
    END $$;
    ALTER ROLE %s PASSWORD %s;
    RESET password_encryption
    """
        .formatted(
            authentication.encryption(),
            quoted(name, '\''),
            quoted(name, '"'),
            quoted(name, '"'),
            quoted(password, '\''));
  }

  static String quoted(String text, char quote) {
    String mark = String.valueOf(quote);
    return mark + text.replace(mark, mark + mark) + mark;
  }
}
