package dev.crossfade.sql.parse;

import java.util.concurrent.atomic.AtomicInteger;
import org.antlr.v4.runtime.atn.ATN;
import org.antlr.v4.runtime.atn.LexerATNSimulator;
import org.antlr.v4.runtime.atn.ParserATNSimulator;
import org.antlr.v4.runtime.atn.PredictionContextCache;
import org.antlr.v4.runtime.dfa.DFA;
import org.antlr.v4.runtime.dfa.DFAState;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLLexer;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser;

/**
 * What the generated parser learns from the statements it sees. The library keeps this in static
 * fields for ever, tens of megabytes of it; here it is one object with a limit, thrown away as a
 * whole when it is full.
 *
 * <p>May be shared by threads, as the library's own can.
 */
final class GrammarCache {
  private final int capacity;
  private final AtomicInteger size = new AtomicInteger();
  private final DFA[] lexerStates = empty(SQLLexer._ATN);
  private final DFA[] parserStates = empty(SQLParser._ATN);
  private final PredictionContextCache lexerContexts = new PredictionContextCache();
  private final PredictionContextCache parserContexts = new PredictionContextCache();

  /** The parser wants to learn more than there is room for. */
  static final class FullException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    FullException() {
      super("the grammar's cache is full", null, false, false);
    }
  }

  /**
   * @param capacity in configurations: places in the grammar that a state of the parser stands for,
   *     about 100 bytes each
   */
  GrammarCache(int capacity) {
    this.capacity = capacity;
  }

  private static DFA[] empty(ATN atn) {
    DFA[] states = new DFA[atn.getNumberOfDecisions()];
    for (int decision = 0; decision < states.length; decision++) {
      states[decision] = new DFA(atn.getDecisionState(decision), decision);
    }
    return states;
  }

  void attachTo(SQLLexer lexer) {
    lexer.setInterpreter(new LexerATNSimulator(lexer, SQLLexer._ATN, lexerStates, lexerContexts));
  }

  /** From now on the parser throws {@link FullException} rather than learn beyond the capacity. */
  void attachTo(SQLParser parser) {
    parser.setInterpreter(new Counting(parser));
  }

  /** In configurations. */
  int size() {
    return size.get();
  }

  private final class Counting extends ParserATNSimulator {
    Counting(SQLParser parser) {
      super(parser, SQLParser._ATN, parserStates, parserContexts);
    }

    @Override
    protected DFAState addDFAState(DFA dfa, DFAState state) {
      DFAState kept = super.addDFAState(dfa, state);
      if (kept == state && size.addAndGet(state.configs.size()) > capacity) {
        throw new FullException();
      }
      return kept;
    }
  }
}
