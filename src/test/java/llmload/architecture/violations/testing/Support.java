package llmload.architecture.violations.testing;

import llmload.architecture.violations.model.Priced;

/** Support of tests that uses the kit. */
public final class Support {
  /** A number that is known only when the class is loaded. */
  public static final int ONE = new Priced(1, "ms").unit().length();

  private Support() {}
}
