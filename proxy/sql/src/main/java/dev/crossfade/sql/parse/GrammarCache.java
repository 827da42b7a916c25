package dev.crossfade.sql.parse;

import org.antlr.v4.runtime.atn.ATN;
import org.antlr.v4.runtime.atn.LexerATNSimulator;
import org.antlr.v4.runtime.atn.ParserATNSimulator;
import org.antlr.v4.runtime.atn.PredictionContextCache;
import org.antlr.v4.runtime.dfa.DFA;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLLexer;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser;

/**
 * What the generated parser learns from the statements it sees. The library keeps this in static fields for ever, tens of
 * megabytes of it; here it is one object that is thrown away as a whole once it has grown enough.
 *
 * <p>May be shared by threads, as the library's own can.
 */
final class GrammarCache {
  private final DFA[] lexerStates = empty(SQLLexer._ATN);
  private final DFA[] parserStates = empty(SQLParser._ATN);
  private final PredictionContextCache lexerContexts = new PredictionContextCache();
  private final PredictionContextCache parserContexts = new PredictionContextCache();

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

  void attachTo(SQLParser parser) {
    parser.setInterpreter(new ParserATNSimulator(parser, SQLParser._ATN, parserStates, parserContexts));
  }

  /** How much was learned: states of all decisions. A state takes a few kilobytes. */
  int size() {
    int size = 0;
    for (DFA dfa : parserStates) {
      size += dfa.states.size();
    }
    return size;
  }
}
