package llmload.simulations.scenarios.contract;

import static java.util.stream.Collectors.toMap;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** How the requests of a workload arrive. */
public enum Traffic {
  /** As the workload says: one after the other, a number at a time, or all at once. */
  WORKLOAD,
  /** All at once. */
  INSTANT,
  /** The first at once, then one every 1 ÷ rate seconds. */
  FIXED,
  /** Gaps of an exponential distribution. */
  POISSON,
  /** Gaps of a gamma distribution: shape = burstiness, mean 1 ÷ rate; below 1 is burstier. */
  GAMMA,
  /** In batches of the workload's own number, each a unit with one clock from first to last. */
  BATCH;

  /** Each by the word that the setting takes. */
  static final Map<String, Traffic> WORDS =
      Arrays.stream(values())
          .collect(toMap(Traffic::id, traffic -> traffic, (a, b) -> a, LinkedHashMap::new));

  /** The word that the setting takes. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether requests arrive by a rate, whatever the server does. */
  public boolean isOpen() {
    return this == FIXED || this == POISSON || this == GAMMA;
  }

  /** The distribution of arrivals in the words of the load's settings. */
  String arrival() {
    return this == FIXED ? "constant" : id();
  }
}
