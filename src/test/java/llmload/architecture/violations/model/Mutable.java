package llmload.architecture.violations.model;

import llmload.architecture.violations.testing.Support;

/** State in a package of values; and kit code that uses the support of tests. */
public final class Mutable {
  private int total;

  /** Adds to the state. */
  public int add(int amount) {
    total += amount;
    return total + Support.ONE;
  }
}
