package llmload.simulations.scenarios.suite;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The run types of mini-biai-1's suite, each with its parameters. Its type {@code stress} is a
 * simulation of its own.
 */
public enum SuiteType {
  /** A look at everything in minutes. */
  QUICK("quick", true, true, true),
  /** Tokens a second alone. */
  TOK_THROUGHPUT("tok_throughput", true, false, false),
  /** Vector search alone. */
  RETRIEVAL("retrieval", false, true, false),
  /** Everything at full length. */
  FULL("full", true, true, true),
  /** Everything, in the sizes of a large GPU. */
  RTX_4090("rtx_4090", true, true, true),
  /** Everything, short enough to be repeated through the day. */
  PRODUCTION("production", true, true, true),
  /** Tokens a second and vector search, held against a baseline. */
  REGRESSION("regression", true, true, false);

  private final String word;
  private final boolean generates;
  private final boolean searches;
  private final boolean stresses;

  SuiteType(String word, boolean generates, boolean searches, boolean stresses) {
    this.word = word;
    this.generates = generates;
    this.searches = searches;
    this.stresses = stresses;
  }

  /** The word of the setting {@code suite.type}. */
  public String word() {
    return word;
  }

  /** Whether token throughput is a part of it. */
  public boolean generates() {
    return generates;
  }

  /** Whether vector search is. */
  public boolean searches() {
    return searches;
  }

  /** Whether growing concurrency is. */
  public boolean stresses() {
    return stresses;
  }

  /** How much it does. */
  public SuiteParameters parameters() {
    return SuiteParameters.of(this);
  }

  /** Each type by its word. */
  static Map<String, SuiteType> words() {
    Map<String, SuiteType> words = new LinkedHashMap<>();
    for (SuiteType type : values()) {
      words.put(type.word, type);
    }
    return words;
  }
}
