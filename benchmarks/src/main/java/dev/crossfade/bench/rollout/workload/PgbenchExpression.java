package dev.crossfade.bench.rollout.workload;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code \set} computes: whole and floating numbers, variables, {@code + - * / %},
 * parentheses, and the functions abs, double, greatest, int, least, random, random_exponential and
 * random_gaussian, as pgbench has them.
 */
final class PgbenchExpression {
  private static final int DEPTH_MAX = 50;
  private static final Pattern TOKEN =
      Pattern.compile("\\s*(?:(\\d+(?:\\.\\d+)?)|:(\\w+)|([A-Za-z_]\\w*)|(.))");

  private final List<String> tokens;
  private final Map<String, Number> variables;
  private final SplittableRandom random;
  private int at;
  private int depth;

  private PgbenchExpression(
      List<String> tokens, Map<String, Number> variables, SplittableRandom random) {
    this.tokens = tokens;
    this.variables = variables;
    this.random = random;
  }

  static Number evaluate(String text, Map<String, Number> variables, SplittableRandom random)
      throws WorkloadException {
    List<String> tokens = new ArrayList<>();
    Matcher matcher = TOKEN.matcher(text.strip());
    while (matcher.find()) {
      tokens.add(matcher.group().strip());
    }
    PgbenchExpression expression = new PgbenchExpression(tokens, variables, random);
    try {
      Number value = expression.sum();
      if (expression.at < tokens.size()) {
        throw new WorkloadException(
            "'" + tokens.get(expression.at) + "' is not supported in an expression");
      }
      return value;
    } catch (ArithmeticException e) {
      throw new WorkloadException("the expression cannot be computed: " + e.getMessage());
    }
  }

  private String peek() {
    return at < tokens.size() ? tokens.get(at) : "";
  }

  private boolean take(String token) {
    if (peek().equals(token)) {
      at++;
      return true;
    }
    return false;
  }

  private Number sum() throws WorkloadException {
    Number value = product();
    while (true) {
      if (take("+")) {
        Number other = product();
        value =
            isWhole(value, other)
                ? Math.addExact(value.longValue(), other.longValue())
                : (Number) (value.doubleValue() + other.doubleValue());
      } else if (take("-")) {
        Number other = product();
        value =
            isWhole(value, other)
                ? Math.subtractExact(value.longValue(), other.longValue())
                : (Number) (value.doubleValue() - other.doubleValue());
      } else {
        return value;
      }
    }
  }

  private Number product() throws WorkloadException {
    Number value = factor();
    while (true) {
      if (take("*")) {
        Number other = factor();
        value =
            isWhole(value, other)
                ? Math.multiplyExact(value.longValue(), other.longValue())
                : (Number) (value.doubleValue() * other.doubleValue());
      } else if (take("/")) {
        Number other = factor();
        value =
            isWhole(value, other)
                ? value.longValue() / other.longValue()
                : (Number) (value.doubleValue() / other.doubleValue());
      } else if (take("%")) {
        value = value.longValue() % factor().longValue();
      } else {
        return value;
      }
    }
  }

  private static boolean isWhole(Number one, Number other) {
    return one instanceof Long && other instanceof Long;
  }

  private Number factor() throws WorkloadException {
    if (++depth > DEPTH_MAX) {
      throw new WorkloadException("the expression is nested too deeply");
    }
    try {
      if (take("-")) {
        Number value = factor();
        return value instanceof Long whole
            ? (Number) Math.negateExact(whole)
            : Double.valueOf(-value.doubleValue());
      }
      if (take("(")) {
        Number value = sum();
        close();
        return value;
      }
      return simple();
    } finally {
      depth--;
    }
  }

  private void close() throws WorkloadException {
    if (!take(")")) {
      throw new WorkloadException("a ')' is missing in the expression");
    }
  }

  private Number simple() throws WorkloadException {
    String token = peek();
    if (token.isEmpty()) {
      throw new WorkloadException("the expression ends too early");
    }
    at++;
    char first = token.charAt(0);
    if (Character.isDigit(first)) {
      return token.indexOf('.') < 0 ? (Number) Long.parseLong(token) : Double.parseDouble(token);
    }
    if (first == ':' && token.length() > 1) {
      Number value = variables.get(token.substring(1));
      if (value == null) {
        throw new WorkloadException(
            "the variable " + token + " has no value; give one with -D NAME=VALUE");
      }
      return value;
    }
    if (take("(")) {
      List<Number> arguments = new ArrayList<>();
      do {
        arguments.add(sum());
      } while (take(","));
      close();
      return function(token, arguments);
    }
    throw new WorkloadException("'" + token + "' is not supported in an expression");
  }

  private Number function(String name, List<Number> arguments) throws WorkloadException {
    int wanted =
        switch (name) {
          case "abs", "double", "int" -> 1;
          case "random" -> 2;
          case "random_exponential", "random_gaussian" -> 3;
          case "greatest", "least" -> Math.max(1, arguments.size());
          default ->
              throw new WorkloadException(
                  "the function "
                      + name
                      + "() is not supported; abs, double, greatest, int, least, random,"
                      + " random_exponential and random_gaussian are");
        };
    if (arguments.size() != wanted) {
      throw new WorkloadException(name + "() takes " + wanted + " arguments");
    }
    Number first = arguments.getFirst();
    return switch (name) {
      case "abs" ->
          first instanceof Long whole
              ? (Number) Math.absExact(whole)
              : Double.valueOf(Math.abs(first.doubleValue()));
      case "double" -> first.doubleValue();
      case "int" -> first.longValue();
      case "greatest" -> extreme(arguments, 1);
      case "least" -> extreme(arguments, -1);
      default -> drawn(name, arguments);
    };
  }

  private static Number extreme(List<Number> values, int sign) {
    Number best = values.getFirst();
    for (Number value : values) {
      if (sign * Double.compare(value.doubleValue(), best.doubleValue()) > 0) {
        best = value;
      }
    }
    return best;
  }

  private Number drawn(String name, List<Number> arguments) throws WorkloadException {
    long low = arguments.get(0).longValue();
    long high = arguments.get(1).longValue();
    if (low > high) {
      throw new WorkloadException(name + "(): " + low + " is above " + high);
    }
    long width = Math.addExact(Math.subtractExact(high, low), 1);
    double shape = name.equals("random") ? 0 : arguments.get(2).doubleValue();
    double share =
        switch (name) {
          case "random" -> random.nextDouble();
          case "random_exponential" -> exponential(shape);
          default -> gaussian(shape);
        };
    return low + Math.min(width - 1, (long) (share * width));
  }

  /** Cut off at 1, as pgbench does it. */
  private double exponential(double shape) throws WorkloadException {
    if (shape <= 0) {
      throw new WorkloadException("random_exponential(): the third argument must be above 0");
    }
    double cut = Math.exp(-shape);
    double uniform = 1 - random.nextDouble();
    return -Math.log(cut + (1 - cut) * uniform) / shape;
  }

  /** The bell over the whole range, cut off at {@code shape} standard deviations. */
  private double gaussian(double shape) throws WorkloadException {
    if (shape < 2) {
      throw new WorkloadException("random_gaussian(): the third argument must be at least 2");
    }
    double deviation;
    do {
      deviation = random.nextGaussian();
    } while (deviation < -shape || deviation >= shape);
    return (deviation + shape) / (2 * shape);
  }
}
