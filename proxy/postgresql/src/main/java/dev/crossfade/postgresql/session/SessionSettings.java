package dev.crossfade.postgresql.session;

import dev.crossfade.postgresql.wire.ClientEncoding;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The session's settings as far as they can change what a read returns: what it set is repeated on
 * new before its next read there. What new cannot follow pins the session to the authority until
 * DISCARD ALL.
 *
 * <p>Settings made in a transaction count when it commits, as in the server.
 */
final class SessionSettings {
  /** More distinct settings than this pin the session. */
  static final int MAX_SETTINGS = 64;

  /** Settings that mean the same on both sides. */
  private static final Set<String> FOLLOWED =
      Set.of(
          "application_name",
          "bytea_output",
          "client_encoding",
          "client_min_messages",
          "datestyle",
          "default_transaction_read_only",
          "enable_bitmapscan",
          "enable_hashagg",
          "enable_hashjoin",
          "enable_indexonlyscan",
          "enable_indexscan",
          "enable_material",
          "enable_mergejoin",
          "enable_nestloop",
          "enable_seqscan",
          "enable_sort",
          "extra_float_digits",
          "idle_in_transaction_session_timeout",
          "intervalstyle",
          "jit",
          "lock_timeout",
          "plan_cache_mode",
          "statement_timeout",
          "timezone",
          "work_mem",
          "xmlbinary",
          "xmloption");

  /** Settings that change no answer of a read: nothing to do on new. */
  private static final Set<String> HARMLESS =
      Set.of(
          "synchronous_commit",
          "default_transaction_deferrable",
          "maintenance_work_mem",
          "check_function_bodies");

  /** Encodings in which the lexer's view of the text is right: supersets of ASCII in every byte. */
  private static final Set<String> ENCODINGS =
      Set.of("UTF8", "SQL_ASCII", "LATIN1", "LATIN9", "WIN1252");

  /** Settings whose values old reports whenever they change: repeated on new as reported. */
  private static final List<String> REPEATED =
      List.of("client_encoding", "DateStyle", "IntervalStyle", "TimeZone", "application_name");

  private final Map<String, String> committed = new LinkedHashMap<>();
  private final List<SessionEffect.Setting> uncommitted = new ArrayList<>();
  private final Map<String, String> reported = new LinkedHashMap<>();
  private boolean pinned;
  private int version = 1;

  boolean isPinned() {
    return pinned || !isReadable();
  }

  /** Whether the lexer reads the session's statements as the server does. */
  boolean isReadable() {
    String encoding = reported.getOrDefault("client_encoding", "UTF8").toUpperCase(Locale.ROOT);
    return ENCODINGS.contains(encoding)
        && !"off".equals(reported.get("standard_conforming_strings"));
  }

  void pin() {
    pinned = true;
  }

  /** Grows when new has to follow. */
  int version() {
    return version;
  }

  /** Old reported the value of a setting: it need not have been the client that set it. */
  void reported(String name, String value) {
    String before = reported.put(name, value);
    if (before != null && !before.equals(value) && REPEATED.contains(name)) {
      version++;
    }
  }

  /** The same of a ParameterStatus frame. */
  void reported(ByteBuf borrowed, int start, int end) {
    int zero = borrowed.indexOf(start + 5, end, (byte) 0);
    if (zero > 0) {
      reported(
          borrowed.toString(start + 5, zero - start - 5, StandardCharsets.UTF_8),
          borrowed.toString(zero + 1, end - zero - 2, StandardCharsets.UTF_8));
    }
  }

  /** What old reported last; empty when it never did. */
  String reported(String name) {
    return reported.getOrDefault(name, "");
  }

  /** How the client's text is written. */
  ClientEncoding encoding() {
    return ClientEncoding.of(reported("client_encoding"), reported("server_encoding"));
  }

  void set(SessionEffect.Setting setting, boolean inTransaction) {
    if (HARMLESS.contains(setting.name())) {
      return;
    }
    if (!FOLLOWED.contains(setting.name())) {
      pin();
    } else if (inTransaction) {
      if (uncommitted.size() == MAX_SETTINGS) {
        pin();
      } else {
        uncommitted.add(setting);
      }
    } else {
      apply(setting);
    }
  }

  private void apply(SessionEffect.Setting setting) {
    committed.remove(setting.name());
    committed.put(setting.name(), setting.sql());
    version++;
    if (committed.size() > MAX_SETTINGS) {
      pin();
    }
  }

  /** Whether the transaction at hand has settings of its own. */
  boolean hasUncommitted() {
    return !uncommitted.isEmpty();
  }

  /** A savepoint may undo part of what the transaction set: then nobody but the server knows. */
  void savepoint() {
    if (!uncommitted.isEmpty()) {
      pin();
    }
  }

  void transactionEnded(boolean committedIt) {
    if (uncommitted.isEmpty()) {
      return;
    }
    if (committedIt) {
      uncommitted.forEach(this::apply);
    }
    uncommitted.clear();
  }

  /** RESET ALL. */
  void resetAll() {
    committed.clear();
    uncommitted.clear();
    version++;
  }

  /** DISCARD ALL. */
  void discardAll() {
    resetAll();
    pinned = false;
  }

  /**
   * What makes new's session like old's: what the client set, in its order, then the reported
   * values, which count whatever a RESET on new leads to.
   *
   * @param reportedByNew as new reported them at login
   * @param fresh whether new's session is still as the login left it; else it goes back there
   *     first, or it would keep what the client has since reset
   * @return statements separated by semicolons; empty when there is nothing to do
   */
  String statementsFor(Map<String, String> reportedByNew, boolean fresh) {
    StringBuilder sql = new StringBuilder(fresh ? "" : "RESET ALL;");
    committed.values().forEach(statement -> sql.append(statement).append(';'));
    boolean untouched = sql.isEmpty();
    for (String name : REPEATED) {
      String value = reported.get(name);
      if (value != null && !(untouched && value.equals(reportedByNew.get(name)))) {
        sql.append("SET ")
            .append(name)
            .append(" TO '")
            .append(value.replace("'", "''"))
            .append("';");
      }
    }
    return sql.toString();
  }
}
