package dev.crossfade.bench.load;

import dev.crossfade.bench.data.DataSet;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Questions, and what old itself answers to each when asked directly: once with every column in
 * text format and once in the formats that pgjdbc chooses for prepared statements.
 */
public final class AnswerBook {
  private final List<Question> questions;
  private final List<Answer> text = new ArrayList<>();
  private final List<Answer> binary = new ArrayList<>();

  private AnswerBook(List<Question> questions) {
    this.questions = List.copyOf(questions);
  }

  /**
   * Asks old.
   *
   * @param perWeight how many questions there are of a kind of weight 1
   * @param jdbcUrl of old itself, with a parameter list that can be continued
   */
  public static AnswerBook ask(String jdbcUrl, DataSet data, long seed, int perWeight)
      throws SQLException {
    AnswerBook book = prepare(data, new SplittableRandom(seed), perWeight);
    try (Connection plain = DriverManager.getConnection(jdbcUrl + "&preferQueryMode=simple");
        Connection prepared = DriverManager.getConnection(jdbcUrl + "&prepareThreshold=-1")) {
      for (Question question : book.questions) {
        book.text.add(askOnce(plain, question));
        book.binary.add(askOnce(prepared, question));
      }
    }
    return book;
  }

  private static AnswerBook prepare(DataSet data, SplittableRandom random, int perWeight) {
    List<Question> questions = new ArrayList<>();
    for (ReadQuery query : ReadQuery.values()) {
      for (int i = 0; i < perWeight * query.weight(); i++) {
        questions.add(new Question(questions.size(), query, query.parameters(random, data)));
      }
    }
    return new AnswerBook(questions);
  }

  private static Answer askOnce(Connection connection, Question question) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(question.query().sql())) {
      question.bind(statement);
      try (ResultSet result = statement.executeQuery()) {
        return Answer.of(result);
      }
    }
  }

  public int size() {
    return questions.size();
  }

  /** A question of any kind, each kind as often as its weight says. */
  Question draw(SplittableRandom random) {
    return questions.get(random.nextInt(questions.size()));
  }

  boolean isRight(Question question, Answer answer) {
    return answer.sameAs(text.get(question.number()))
        || answer.sameAs(binary.get(question.number()));
  }

  /**
   * For people: how the answer differs from the one of the same length, or else from the one in
   * text.
   */
  String difference(Question question, Answer answer) {
    Answer inBinary = binary.get(question.number());
    Answer expected = inBinary.length() == answer.length() ? inBinary : text.get(question.number());
    return question.query()
        + " "
        + question.parameters()
        + ' '
        + Answer.difference(expected, answer);
  }
}
