package dev.crossfade.postgresql.session;

import dev.crossfade.postgresql.plan.Lenses;
import dev.crossfade.postgresql.plan.PlanKey;
import dev.crossfade.postgresql.plan.PlanState;
import dev.crossfade.postgresql.plan.ReadPlan;
import dev.crossfade.postgresql.plan.Routing;
import dev.crossfade.sql.lens.EntityPin;
import dev.crossfade.sql.parse.LexedText;
import dev.crossfade.sql.parse.MappedNames;
import dev.crossfade.sql.parse.RecentTexts;
import dev.crossfade.sql.parse.StatementKind;
import dev.crossfade.sql.parse.Tokens;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads a statement's text: one lexing, into a scratch that all sessions of an event loop share.
 * What it returns is valid until the next {@link #read}.
 */
final class StatementReader {
  /** What sets settings without SET: a function, and a view when it is written. */
  private static final MappedNames SETTERS = MappedNames.of(Set.of("set_config"));

  private static final MappedNames SETTINGS = MappedNames.of(Set.of("pg_settings"));

  private static final MappedNames TEMPORARY =
      MappedNames.of(Set.of("temp", "temporary", "pg_temp"));
  private static final FastThreadLocal<Scratch> SCRATCH =
      new FastThreadLocal<>() {
        @Override
        protected Scratch initialValue() {
          return new Scratch();
        }
      };

  private static final class Scratch {
    private final RecentTexts<Statement> texts = new RecentTexts<>();
    private byte[] text = new byte[8192];
  }

  /**
   * @param count statements in the text
   * @param kind of the first
   * @param isMapped names a mapped table
   * @param effect on the session; null when none
   */
  record Statement(
      int count, StatementKind kind, boolean isMapped, @Nullable SessionEffect effect) {
    boolean isPlainRead() {
      return isMapped && count == 1 && kind == StatementKind.READ;
    }
  }

  private final Routing routing;
  private @Nullable LexedText<Statement> lexed;

  /** Of the statement at hand, once it was asked for. */
  private @Nullable PlanKey key;

  StatementReader(Routing routing) {
    this.routing = routing;
  }

  Statement read(ByteBuf borrowed, int start, int end) {
    Scratch scratch = SCRATCH.get();
    int length = end - start;
    if (scratch.text.length < length) {
      scratch.text = new byte[Math.max(length, 2 * scratch.text.length)];
    }
    borrowed.getBytes(start, scratch.text, 0, length);
    return lex(scratch, scratch.text, length);
  }

  Statement read(byte[] sql) {
    return lex(SCRATCH.get(), sql, sql.length);
  }

  private Statement lex(Scratch scratch, byte[] sql, int length) {
    LexedText<Statement> read = scratch.texts.lex(sql, length);
    lexed = read;
    key = null;
    Lenses lenses = routing.lenses();
    MappedNames names = lenses == null ? null : lenses.names();
    return read.reading(names, () -> statement(read.tokens(), names));
  }

  private static Statement statement(Tokens tokens, @Nullable MappedNames names) {
    boolean mapped = names != null && tokens.names(names);
    return new Statement(
        tokens.statementCount(), tokens.kind(), mapped, effect(tokens, mapped, names == null));
  }

  /**
   * @param unknown no migration is known yet: any table may turn out to be mapped
   */
  private static @Nullable SessionEffect effect(Tokens lexed, boolean mapped, boolean unknown) {
    boolean shadows =
        (mapped || unknown)
            && StatementEffects.mayShadow(lexed)
            && (mapped || lexed.names(TEMPORARY));
    if (shadows || lexed.mayWrite(SETTINGS)) {
      return new SessionEffect.Pin();
    }
    if (lexed.names(SETTERS)) {
      return StatementEffects.ofSetter(lexed);
    }
    return lexed.statementCount() > 1
        ? StatementEffects.ofSeveral(lexed)
        : StatementEffects.of(lexed);
  }

  /** Whether any of the statements executes what another has prepared. */
  boolean executes() {
    return has(StatementKind.EXECUTE);
  }

  /** Whether any of the statements prepares another. */
  boolean prepares() {
    return has(StatementKind.PREPARE);
  }

  /** Whether any of the statements is DO or CALL. */
  boolean isBlock() {
    return has(StatementKind.CALL_OR_DO);
  }

  private boolean has(StatementKind kind) {
    Tokens lexed = tokens();
    for (int statement = 0; statement < lexed.statementCount(); statement++) {
      if (lexed.statementKind(statement) == kind) {
        return true;
      }
    }
    return false;
  }

  /** Whether the statement may write a table that it names. */
  boolean mayWrite() {
    return tokens().mayWrite();
  }

  Tokens tokens() {
    return lexed().tokens();
  }

  private LexedText<Statement> lexed() {
    if (lexed == null) {
      throw new IllegalStateException("no statement was read");
    }
    return lexed;
  }

  /** Of the text, in bytes. */
  int length() {
    return lexed().length();
  }

  byte[] copyOfText() {
    return Arrays.copyOf(lexed().text(), length());
  }

  String string() {
    return new String(lexed().text(), 0, length(), StandardCharsets.UTF_8);
  }

  PlanState find(Lenses lenses, int[] parameterTypes) {
    return lenses.plans().find(key(parameterTypes), this::string);
  }

  /**
   * @param parameterTypes the same for one statement
   */
  PlanKey key(int[] parameterTypes) {
    PlanKey known = key;
    if (known == null) {
      known = new PlanKey(lexed().fingerprint(), parameterTypes);
      key = known;
    }
    return known;
  }

  byte[] translate(ReadPlan plan) {
    return plan.translation().apply(lexed().text(), tokens());
  }

  /** Migrations whose mapped tables the statement names. */
  List<String> migrationsNamed() {
    return migrations(names -> tokens().names(names));
  }

  /** Migrations whose mapped tables are named by one of the statements that may write. */
  List<String> migrationsWritten() {
    return migrations(names -> tokens().mayWrite(names));
  }

  private List<String> migrations(Predicate<MappedNames> concerned) {
    Lenses lenses = routing.lenses();
    if (lenses == null) {
      return List.of();
    }
    List<String> found = new ArrayList<>();
    for (Map.Entry<String, MappedNames> entry : lenses.namesByMigration().entrySet()) {
      if (concerned.test(entry.getValue())) {
        found.add(entry.getKey());
      }
    }
    return found;
  }

  /** The entity key that a literal of the statement pins, as text. */
  @Nullable String entityKey(EntityPin pin) {
    if (pin.token() < 0) {
      return null;
    }
    byte[] text = lexed().text();
    int start = tokens().start(pin.token());
    int end = tokens().end(pin.token());
    boolean quoted = text[start] == '\'';
    return quoted
        ? new String(text, start + 1, end - start - 2, StandardCharsets.UTF_8).replace("''", "'")
        : new String(text, start, end - start, StandardCharsets.UTF_8);
  }
}
