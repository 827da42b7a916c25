package dev.crossfade.postgresql.session;

import dev.crossfade.postgresql.plan.Moved;
import dev.crossfade.sql.parse.StatementKind;
import dev.crossfade.sql.parse.Tokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a batch has in it, for a session of which some tables are new's. */
final class MovedContents {
  /** What a statement says about its transaction. */
  enum Control {
    BEGIN,
    /** COMMIT or ROLLBACK. */
    END,
    /** Savepoints and settings: new has to be told as well. */
    WITHIN
  }

  private static final List<String> CHANGES = List.of("INSERT", "UPDATE", "DELETE");

  private final List<byte[]> controls = new ArrayList<>();
  private @Nullable Control first;
  private @Nullable Control last;
  private boolean moved;
  private boolean writes;
  private boolean others;
  private boolean othersWrite;
  private boolean rollsBack;
  private boolean mixed;
  private String migration = "";
  private final List<String> makes = new ArrayList<>();
  private final Set<String> tables = new HashSet<>();
  private final Set<String> privileges = new HashSet<>();

  /**
   * Adds the text that was read last.
   *
   * @param all null where none has moved
   * @param known whether a name is that of a cursor or prepared statement on new
   */
  void add(StatementReader reader, @Nullable Moved all, Predicate<String> known) {
    Tokens tokens = reader.tokens();
    Moved named = all != null && tokens.names(all.names()) ? all : null;
    for (int statement = 0; statement < tokens.statementCount(); statement++) {
      StatementKind kind = tokens.statementKind(statement);
      Control control = control(kind);
      if (control != null) {
        first = first == null && !moved && !others ? control : first;
        last = control;
        byte[] text = reader.copyOfText();
        int from = tokens.start(tokens.statementStart(statement));
        int to = tokens.end(tokens.statementEnd(statement) - 1);
        rollsBack |=
            kind == StatementKind.SAVEPOINT
                && tokens.isWord(tokens.statementStart(statement), "ROLLBACK");
        controls.add(Arrays.copyOfRange(text, from, to));
      } else if (named != null && tokens.names(named.names(), statement)
          || refersToKnown(tokens, statement, kind, known)) {
        moved = true;
        mixed |= named != null && tokens.names(named.others(), statement);
        makes(tokens, statement, kind);
        needs(tokens, statement, kind);
        writes |= tokens.mayWrite() || kind == StatementKind.EXECUTE;
      } else if (kind != StatementKind.EMPTY && kind != StatementKind.SHOW) {
        others = true;
        othersWrite |= mayWrite(kind, tokens);
      }
    }
    if (named != null) {
      names(tokens, named);
    }
    if (named != null && migration.isEmpty()) {
      named
          .byMigration()
          .forEach((name, names) -> migration = tokens.names(names) ? name : migration);
    }
  }

  private void names(Tokens tokens, Moved named) {
    for (int token = 0; token < tokens.count(); token++) {
      byte word = tokens.kind(token);
      if (word == Tokens.IDENTIFIER || word == Tokens.QUOTED_IDENTIFIER) {
        String name = tokens.identifier(token);
        if (named.names().names().contains(name)) {
          tables.add(name);
        }
      }
    }
  }

  /** What old would ask for, told by the statement's words: sooner too much than too little. */
  private void needs(Tokens tokens, int statement, StatementKind kind) {
    int start = tokens.statementStart(statement);
    if (kind == StatementKind.COPY_FROM) {
      privileges.add("INSERT");
    } else if (tokens.isWord(start, "TRUNCATE")) {
      privileges.add("TRUNCATE");
    } else {
      boolean inserts = false;
      boolean reads = false;
      for (int token = start; token < tokens.statementEnd(statement); token++) {
        for (String change : CHANGES) {
          if (tokens.isWord(token, change) || tokens.isWord(token, "MERGE")) {
            privileges.add(change);
          }
        }
        inserts |= tokens.isWord(token, "INSERT");
        reads |= tokens.isWord(token, "SELECT") || tokens.isWord(token, "RETURNING");
      }
      if (reads || !inserts) {
        privileges.add("SELECT");
      }
    }
  }

  private static boolean mayWrite(StatementKind kind, Tokens tokens) {
    return tokens.mayWrite()
        || kind == StatementKind.EXECUTE
        || kind == StatementKind.CALL_OR_DO
        || kind == StatementKind.DDL;
  }

  /** Whether a statement is about the transaction. */
  static boolean isControl(StatementKind kind) {
    return control(kind) != null;
  }

  static boolean isBegin(StatementKind kind) {
    return control(kind) == Control.BEGIN;
  }

  private static @Nullable Control control(StatementKind kind) {
    return switch (kind) {
      case BEGIN, BEGIN_READ_ONLY, BEGIN_READ_ONLY_SNAPSHOT -> Control.BEGIN;
      case COMMIT, ROLLBACK -> Control.END;
      case SAVEPOINT, SET_LOCAL, SET_SESSION, RESET -> Control.WITHIN;
      default -> null;
    };
  }

  private void makes(Tokens tokens, int statement, StatementKind kind) {
    int name = tokens.statementStart(statement) + 1;
    if ((kind == StatementKind.PREPARE || tokens.isWord(name - 1, "DECLARE"))
        && name < tokens.statementEnd(statement)) {
      makes.add(tokens.identifier(name));
    }
  }

  /** Whether it is about a cursor or a prepared statement that is on new. */
  private static boolean refersToKnown(
      Tokens tokens, int statement, StatementKind kind, Predicate<String> known) {
    int start = tokens.statementStart(statement);
    boolean refers =
        kind == StatementKind.EXECUTE
            || kind == StatementKind.DEALLOCATE
            || tokens.isWord(start, "FETCH")
            || tokens.isWord(start, "MOVE")
            || tokens.isWord(start, "CLOSE");
    for (int token = start + 1; refers && token < tokens.statementEnd(statement); token++) {
      byte word = tokens.kind(token);
      if ((word == Tokens.IDENTIFIER || word == Tokens.QUOTED_IDENTIFIER)
          && known.test(tokens.identifier(token))) {
        return true;
      }
    }
    return false;
  }

  /** A batch goes on with a portal that new has. */
  void goesOn() {
    moved = true;
  }

  /** What is bound or executed is not known: it names no table that matters. */
  void addOther() {
    others = true;
  }

  /** Texts of the statements about the transaction, in their order. */
  List<byte[]> controls() {
    return controls;
  }

  /** What the batch begins with; null when that is no control. */
  @Nullable Control first() {
    return first;
  }

  /** The only thing that the batch is; null when there is more to it. */
  @Nullable Control only() {
    return controls.size() == 1 && !moved && !others ? last : null;
  }

  boolean hasControls() {
    return !controls.isEmpty();
  }

  /** Whether it needs tables, cursors or statements that are new's. */
  boolean isMoved() {
    return moved;
  }

  /** Whether a statement needs tables of both sides. */
  boolean isMixed() {
    return mixed;
  }

  /** Whether what it does there may write. */
  boolean writes() {
    return writes;
  }

  /** Whether there are statements in it that are old's. */
  boolean hasOthers() {
    return others;
  }

  boolean othersWrite() {
    return othersWrite;
  }

  /** Whether it goes back to a savepoint. */
  boolean rollsBack() {
    return rollsBack;
  }

  /** Names of cursors and prepared statements of SQL that it makes on new. */
  List<String> makes() {
    return makes;
  }

  /** Bare names of the moved tables in it. */
  Set<String> tables() {
    return tables;
  }

  /** What its user must be allowed to do with them. */
  Set<String> privileges() {
    return privileges;
  }

  /** The first migration that is named; empty: none. */
  String migration() {
    return migration;
  }
}
