package dev.crossfade.postgresql.session;

import dev.crossfade.sql.parse.SettingChange;
import dev.crossfade.sql.parse.StatementKind;
import dev.crossfade.sql.parse.Tokens;
import org.jspecify.annotations.Nullable;

/** What a text does to its session, told from its tokens. */
final class StatementEffects {
  private StatementEffects() {}

  /** Of a text with one statement; null when it does nothing. */
  static @Nullable SessionEffect of(Tokens tokens) {
    return tokens.statementCount() == 0 ? null : ofStatement(tokens, 0);
  }

  /** Of a text with several: what new cannot follow step by step pins the session. */
  static @Nullable SessionEffect ofSeveral(Tokens tokens) {
    boolean committed = false;
    for (int statement = 0; statement < tokens.statementCount(); statement++) {
      committed |= tokens.statementKind(statement) == StatementKind.ROLLBACK;
      switch (ofStatement(tokens, statement)) {
        case null -> {}
        case SessionEffect.BeginReadOnly ignored -> {}
        case SessionEffect.BeginPinned ignored -> {}
        case SessionEffect.Commit ignored -> {
          committed = true;
        }
        default -> {
          return new SessionEffect.Pin();
        }
      }
    }
    // Which of the settings made before were committed by it only the server knows, as with a
    // savepoint.
    return committed ? new SessionEffect.Savepoint() : null;
  }

  /** Of a text that names a function that changes settings. */
  static @Nullable SessionEffect ofSetter(Tokens tokens) {
    return SettingChange.isLocalCall(tokens)
        ? null
        : SettingChange.ofCall(tokens)
            .map(StatementEffects::setting)
            .orElseGet(SessionEffect.Pin::new);
  }

  private static @Nullable SessionEffect ofStatement(Tokens tokens, int statement) {
    StatementKind kind = tokens.statementKind(statement);
    return switch (kind) {
      case BEGIN_READ_ONLY -> new SessionEffect.BeginReadOnly();
      case BEGIN_READ_ONLY_SNAPSHOT -> new SessionEffect.BeginPinned();
      case COMMIT ->
          names(tokens, statement, "CHAIN")
              ? new SessionEffect.Savepoint()
              : new SessionEffect.Commit();
      case ROLLBACK -> names(tokens, statement, "CHAIN") ? new SessionEffect.Savepoint() : null;
      case CALL_OR_DO -> new SessionEffect.Pin();
      case SAVEPOINT -> new SessionEffect.Savepoint();
      case SET_SESSION, RESET ->
          SettingChange.read(tokens, statement)
              .map(StatementEffects::setting)
              .orElseGet(SessionEffect.Pin::new);
      case DISCARD ->
          new SessionEffect.Discard(tokens.isWord(tokens.statementStart(statement) + 1, "ALL"));
      case DEALLOCATE -> deallocate(tokens, statement);
      case OTHER ->
          tokens.isWord(tokens.statementStart(statement), "PREPARE")
              ? new SessionEffect.Savepoint()
              : null;
      default -> null;
    };
  }

  private static boolean names(Tokens tokens, int statement, String word) {
    for (int token = tokens.statementStart(statement);
        token < tokens.statementEnd(statement);
        token++) {
      if (tokens.isWord(token, word)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether a text may leave something behind that hides a table from its session: a temporary
   * table.
   */
  static boolean mayShadow(Tokens tokens) {
    for (int statement = 0; statement < tokens.statementCount(); statement++) {
      StatementKind kind = tokens.statementKind(statement);
      if (kind == StatementKind.DDL
          || kind == StatementKind.READ && selectsInto(tokens, statement)) {
        return true;
      }
    }
    return false;
  }

  private static boolean selectsInto(Tokens tokens, int statement) {
    for (int token = tokens.statementStart(statement) + 1;
        token < tokens.statementEnd(statement);
        token++) {
      if (tokens.isWord(token, "INTO")
          && !tokens.isWord(token - 1, "INSERT")
          && !tokens.isWord(token - 1, "MERGE")) {
        return true;
      }
    }
    return false;
  }

  private static SessionEffect setting(SettingChange change) {
    return change.name().equals("all")
        ? new SessionEffect.ResetAll()
        : new SessionEffect.Setting(change.name(), change.sql());
  }

  private static SessionEffect deallocate(Tokens tokens, int statement) {
    int name = tokens.statementEnd(statement) - 1;
    return new SessionEffect.Deallocate(
        tokens.isWord(name, "ALL") ? "" : Batch.nameOf(tokens.identifier(name)));
  }
}
