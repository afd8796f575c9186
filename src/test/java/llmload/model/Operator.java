package llmload.model;

import java.util.Arrays;
import java.util.Optional;

/** How a measured value is compared with a target. */
public enum Operator {
  /** Strictly below. */
  LESS("<"),
  /** At most. */
  AT_MOST("<="),
  /** Strictly above. */
  GREATER(">"),
  /** At least. */
  AT_LEAST(">="),
  /** From a lower to an upper bound, both included. */
  BETWEEN("between");

  private final String symbol;

  Operator(String symbol) {
    this.symbol = symbol;
  }

  /** The symbol used in target files. */
  public String symbol() {
    return symbol;
  }

  /** The operator of that symbol, if there is one. */
  public static Optional<Operator> of(String symbol) {
    return Arrays.stream(values()).filter(op -> op.symbol.equals(symbol)).findFirst();
  }
}
