package llmload.config;

import java.util.List;

/** Settings or an input file that cannot be used: every problem found, one line each. */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final List<String> problems;

  /** One or more problems, each a whole sentence that names the key or file it is about. */
  public ConfigException(List<String> problems) {
    super(String.join(System.lineSeparator(), problems));
    this.problems = List.copyOf(problems);
  }

  /** One problem. */
  public ConfigException(String problem) {
    this(List.of(problem));
  }

  /** The problems, in the order they were found. */
  public List<String> problems() {
    return problems;
  }
}
