package llmload.model;

/** Whether a run's numbers can be believed, whatever they are. */
public enum Validity {
  /** Nothing speaks against it. */
  VALID,
  /** Usable, with stated doubts. */
  DEGRADED,
  /** The injector, the plan or the record failed: the numbers are not the server's. */
  INVALID,
  /** The run or its journal ended early. */
  PARTIAL,
  /** Nothing was measured. */
  NO_DATA;

  /** Whether a gate may pass on such a run. */
  public boolean isUsable() {
    return this == VALID || this == DEGRADED;
  }

  /** The one that is worse for trust, in the order of the declaration. */
  public Validity worse(Validity other) {
    return compareTo(other) >= 0 ? this : other;
  }
}
