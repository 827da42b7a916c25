package dev.crossfade.sql.parse;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.antlr.v4.runtime.BailErrorStrategy;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.ListTokenSource;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.atn.PredictionMode;
import org.antlr.v4.runtime.misc.ParseCancellationException;
import org.jspecify.annotations.Nullable;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLLexer;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser;

/**
 * Parses one statement with the full PostgreSQL grammar. The only class that runs the generated
 * parser.
 *
 * <p>The grammar is shown a picture of the text in which comments are blank and the insides of
 * strings, quoted identifiers and odd numbers are filled with harmless characters of equal length.
 * So its own ideas of quoting can not differ from the {@link Lexer}'s, its character offsets are
 * byte offsets, and every name is read from {@link Tokens}. A token of the grammar that does not
 * start where one of the lexer's does fails the statement.
 *
 * <p>Blocks for milliseconds; never on an event loop. Any number of threads.
 */
public final class SqlParser {
  /** Longer texts are not looked at. */
  public static final int MAX_BYTES = 256 * 1024;

  /** A syntax tree takes about a kilobyte for each token. */
  private static final int MAX_TOKENS = 8 * 1024;

  private static final int MAX_DEPTH = 100;

  /** Ten megabytes, see the test that measures it. */
  static final int CACHE_CAPACITY = 100_000;

  /** What all of the grammar that is usual in a lens needs. */
  static final String USUAL =
      """
      SELECT a.id, f(a.name, ' ', 1) AS b, nullif(name, '') AS c, a.d || coalesce(' ' || e.f, ''), (a.g * 100)::bigint AS h,
        i / 100.0 AS j, CASE WHEN a.k = 'l' THEN m ELSE 2 END AS n
      FROM o a LEFT JOIN p e ON e.id = a.id WHERE a.q IS NOT NULL AND r = 1
      """;

  private static final SqlParser SHARED = new SqlParser();

  private final AtomicReference<GrammarCache> cache =
      new AtomicReference<>(new GrammarCache(CACHE_CAPACITY));

  /** What became of a statement. */
  public sealed interface Result {
    /** It is a query; it may write in a WITH. */
    record Parsed(StatementOutline outline) implements Result {}

    /**
     * It is an INSERT, UPDATE, DELETE or MERGE.
     *
     * @param names what it names, the table that it writes left out
     */
    record Write(WriteOutline outline, StatementOutline names) implements Result {}

    /** It is none, or one that the grammar does not know. */
    record Failed(int offset, String detail) implements Result {}

    record TooLarge(String detail) implements Result {}

    record TooDeep(int offset) implements Result {}

    /** To understand it would take more memory than there is for that. */
    record TooCostly(int offset) implements Result {}
  }

  /**
   * @param tokens of this text, which must have exactly one statement
   */
  public Result parse(byte[] text, Tokens tokens) {
    return parse(text, tokens, SQLParser::select_stmt);
  }

  /**
   * An INSERT, UPDATE, DELETE or MERGE, whichever the first such word outside parentheses says.
   *
   * @param tokens of this text, which must have exactly one statement
   */
  public Result parseWrite(byte[] text, Tokens tokens) {
    int depth = 0;
    for (int token = 0; token < tokens.count(); token++) {
      boolean opens = tokens.isPunctuation(token, '(');
      boolean closes = tokens.isPunctuation(token, ')');
      depth += opens ? 1 : closes ? -1 : 0;
      Function<SQLParser, ParserRuleContext> rule = depth > 0 ? null : writeAt(tokens, token);
      if (rule != null) {
        return parse(text, tokens, rule);
      }
    }
    return new Result.Failed(0, "it does not write");
  }

  private static @Nullable Function<SQLParser, ParserRuleContext> writeAt(
      Tokens tokens, int token) {
    if (tokens.isWord(token, "INSERT")) {
      return SQLParser::insert_stmt_for_psql;
    }
    if (tokens.isWord(token, "UPDATE")) {
      return SQLParser::update_stmt_for_psql;
    }
    if (tokens.isWord(token, "DELETE")) {
      return SQLParser::delete_stmt_for_psql;
    }
    return tokens.isWord(token, "MERGE") ? SQLParser::merge_stmt_for_psql : null;
  }

  private Result parse(byte[] text, Tokens tokens, Function<SQLParser, ParserRuleContext> rule) {
    if (tokens.textLength() > MAX_BYTES || tokens.count() > MAX_TOKENS) {
      return new Result.TooLarge("more than " + MAX_BYTES + " bytes or " + MAX_TOKENS + " tokens");
    }
    int tooDeep = tooDeepAt(tokens);
    if (tooDeep >= 0) {
      return new Result.TooDeep(tooDeep);
    }
    String masked = mask(text, tokens);
    GrammarCache current = cache.get();
    Result result = parse(masked, tokens, current, rule);
    if (result instanceof Result.TooCostly) {
      // Full, or broken off while it learned: whatever it holds is not worth the memory.
      cache.compareAndSet(current, new GrammarCache(CACHE_CAPACITY));
      // What others have had it learn meanwhile is not this statement's fault.
      result = parse(masked, tokens, new GrammarCache(CACHE_CAPACITY), rule);
    }
    return result;
  }

  /** The one of this process: what it learns of one statement makes the others quicker. */
  public static SqlParser shared() {
    return SHARED;
  }

  /**
   * Has the shared one read the grammar and learn what queries of lenses are made of, which takes
   * the first ones who parse two tenths of a second else.
   */
  public static void warmUp() {
    byte[] text = USUAL.getBytes(StandardCharsets.UTF_8);
    SHARED.parse(text, new Lexer().lex(text, text.length));
  }

  /** For measurements: how much of the grammar is kept now. */
  int cacheSize() {
    return cache.get().size();
  }

  private static Result parse(
      String masked,
      Tokens tokens,
      GrammarCache cache,
      Function<SQLParser, ParserRuleContext> rule) {
    SQLLexer lexer = new SQLLexer(CharStreams.fromString(masked));
    lexer.removeErrorListeners();
    cache.attachTo(lexer);
    List<? extends Token> visible =
        lexer.getAllTokens().stream()
            .filter(token -> token.getChannel() == Token.DEFAULT_CHANNEL)
            .toList();
    TokenIndex index = new TokenIndex(tokens);
    int stray = index.firstStray(visible);
    if (stray >= 0) {
      return new Result.Failed(stray, "not a token of the grammar");
    }
    CommonTokenStream stream =
        new CommonTokenStream(
            new ListTokenSource(NestedWith.inParentheses(JoinAliases.without(visible))));
    SQLParser parser = new SQLParser(stream);
    parser.removeErrorListeners();
    parser.setErrorHandler(new BailErrorStrategy());
    cache.attachTo(parser);
    try {
      ParserRuleContext tree = tree(parser, stream, rule);
      StatementOutline outline = OutlineReader.read(tree, index);
      return tree instanceof SQLParser.Select_stmtContext
          ? new Result.Parsed(outline)
          : new Result.Write(new WriteReader(index).read(tree), outline);
    } catch (WriteReader.UnusualException e) {
      return new Result.Failed(tokens.start(e.token()), String.valueOf(e.getMessage()));
    } catch (ParseCancellationException e) {
      return new Result.Failed(offsetOf(e, parser), "not a query that the grammar knows");
    } catch (GrammarCache.FullException | StackOverflowError e) {
      return new Result.TooCostly(parser.getCurrentToken().getStartIndex());
    }
  }

  /** The fast prediction first; what it rejects may still be right for the full one. */
  private static ParserRuleContext tree(
      SQLParser parser, CommonTokenStream stream, Function<SQLParser, ParserRuleContext> rule) {
    try {
      parser.getInterpreter().setPredictionMode(PredictionMode.SLL);
      return whole(parser, rule);
    } catch (ParseCancellationException e) {
      stream.seek(0);
      parser.reset();
      parser.getInterpreter().setPredictionMode(PredictionMode.LL);
      return whole(parser, rule);
    }
  }

  private static ParserRuleContext whole(
      SQLParser parser, Function<SQLParser, ParserRuleContext> rule) {
    // Its rule for any statement would read all of a WITH to see what comes behind, at a great
    // price.
    ParserRuleContext tree = rule.apply(parser);
    if (parser.getInputStream().LA(1) != Token.EOF) {
      throw new ParseCancellationException();
    }
    return tree;
  }

  private static int offsetOf(ParseCancellationException e, SQLParser parser) {
    if (e.getCause() instanceof RecognitionException cause && cause.getOffendingToken() != null) {
      return cause.getOffendingToken().getStartIndex();
    }
    return parser.getCurrentToken().getStartIndex();
  }

  /**
   * The offset of the parenthesis, CASE or sign that opens one level too many; -1 when there is
   * none.
   */
  private static int tooDeepAt(Tokens tokens) {
    int depth = 0;
    int signs = 0;
    for (int token = 0; token < tokens.count(); token++) {
      boolean opens =
          tokens.isPunctuation(token, '(')
              || tokens.isPunctuation(token, '[')
              || tokens.isWord(token, "CASE");
      boolean closes =
          tokens.isPunctuation(token, ')')
              || tokens.isPunctuation(token, ']')
              || tokens.isWord(token, "END");
      depth += opens ? 1 : closes ? -1 : 0;
      boolean nests = tokens.kind(token) == Tokens.OPERATOR || tokens.isWord(token, "NOT");
      signs = nests ? signs + 1 : 0;
      if (depth > MAX_DEPTH || signs > MAX_DEPTH) {
        return tokens.start(token);
      }
    }
    return -1;
  }

  private static String mask(byte[] text, Tokens tokens) {
    byte[] masked = new byte[tokens.textLength()];
    Arrays.fill(masked, (byte) ' ');
    int end = tokens.statementEnd(0);
    for (int token = tokens.statementStart(0); token < end; token++) {
      int start = tokens.start(token);
      int length = tokens.end(token) - start;
      switch (tokens.kind(token)) {
        case Tokens.STRING -> fill(masked, start, length, '\'', '0');
        case Tokens.QUOTED_IDENTIFIER -> fill(masked, start, length, '"', 'q');
        default -> {
          for (int i = start; i < start + length; i++) {
            masked[i] = text[i] < 0 ? (byte) 'x' : text[i];
          }
          if (tokens.kind(token) == Tokens.NUMBER && isOdd(text, start, length)) {
            Arrays.fill(masked, start, start + length, (byte) '1');
          }
        }
      }
    }
    return new String(masked, StandardCharsets.ISO_8859_1);
  }

  private static void fill(byte[] masked, int start, int length, char quote, char inside) {
    Arrays.fill(masked, start, start + length, (byte) inside);
    masked[start] = (byte) quote;
    masked[start + length - 1] = (byte) quote;
  }

  /** Hexadecimal and its like, or with underscores: newer than the grammar. */
  private static boolean isOdd(byte[] text, int start, int length) {
    for (int i = start; i < start + length; i++) {
      byte c = text[i];
      if (c == '_' || c >= 'a' && c != 'e' || c >= 'A' && c < 'E' || c > 'E' && c <= 'Z') {
        return true;
      }
    }
    return false;
  }
}
