package llmload.architecture.violations.metrics;

import llmload.architecture.violations.load.Offences;

/** In a package without description; and it uses a sister of its level. */
public final class Undescribed {
  private Undescribed() {}

  static long sister() {
    return Offences.wallClock();
  }
}
