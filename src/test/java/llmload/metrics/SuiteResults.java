package llmload.metrics;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;
import llmload.metrics.timeline.Coverage;
import llmload.model.Phase;
import llmload.model.RequestRecord;
import llmload.model.Tags;
import llmload.model.TelemetrySample;

/**
 * A run of mini-biai-1's suite by its parts, made from its journal.
 *
 * <p>Take all records and samples, in any order, then {@link #finish} once. Not safe for use by
 * several threads.
 */
public final class SuiteResults {
  /** The name of the requests of token throughput by prompt length. */
  public static final String THROUGHPUT = "token_throughput";

  /** The name of the searches. */
  public static final String RETRIEVAL = "retrieval";

  /** How the names of batches begin; their size follows. */
  public static final String BATCH = "batch_";

  /** How the names of the stress levels begin; their concurrency follows. */
  public static final String LEVEL = "concurrency_";

  /** The stage of a request of a stress level. */
  public static final String HOLD = "hold";

  /** A level is stable if more than this share of its requests succeed. */
  public static final double STABLE_RATIO = 0.95;

  private final PartTally throughput = new PartTally();
  private final PartTally retrieval = new PartTally();
  private final TreeMap<Integer, PartTally> words = new TreeMap<>();
  private final TreeMap<Integer, PartTally> levels = new TreeMap<>();
  private final TreeMap<Integer, Batches> batches = new TreeMap<>();
  private final ResourceUse resources;
  private final TokenSpeedCalls calls = new TokenSpeedCalls(this::add);
  private final PartTally all = new PartTally();
  private final SpikeGroups spikes = new SpikeGroups();

  /**
   * @param settings those of the run, which say when a number of its telemetry counts
   */
  public SuiteResults(Map<String, String> settings) {
    resources = new ResourceUse(Coverage.of(settings));
  }

  /** All batches of one size. */
  public static final class Batches {
    private final PartTally requests = new PartTally();
    private long waveCount;
    private long tokenSum;
    private double secondSum;

    /** Its requests. */
    public PartTally requests() {
      return requests;
    }

    /** Batches that succeeded as a whole. */
    public long waveCount() {
      return waveCount;
    }

    /** Σ output tokens ÷ Σ (last end − first sent) of the batches that succeeded as a whole. */
    public OptionalDouble tokensPerSecond() {
      return secondSum > 0 ? OptionalDouble.of(tokenSum / secondSum) : OptionalDouble.empty();
    }
  }

  /** Takes one request; the warm-up's are passed over. */
  public void add(RequestRecord request) {
    if (request.phase() == Phase.WARMUP) {
      return;
    }
    String name = request.request();
    all.add(request);
    spikes.add(request);
    if (isSearch(name)) {
      retrieval.add(request);
    } else if (name.startsWith(LEVEL)) {
      of(levels, name.substring(LEVEL.length())).add(request);
    } else if (name.startsWith(BATCH)) {
      batches(name).requests.add(request);
      calls.accept(request);
    } else if (name.equals(THROUGHPUT)) {
      throughput.add(request);
      of(words, request.tags().getOrDefault(Tags.PROMPT, "0")).add(request);
    }
  }

  /** Whether that is the name of searches, of one size of the index or of several. */
  public static boolean isSearch(String request) {
    return request.equals(RETRIEVAL) || request.startsWith(RETRIEVAL + "_");
  }

  private Batches batches(String name) {
    return batches.computeIfAbsent(number(name.substring(BATCH.length())), size -> new Batches());
  }

  private static PartTally of(Map<Integer, PartTally> parts, String number) {
    return parts.computeIfAbsent(number(number), n -> new PartTally());
  }

  private static int number(String text) {
    return text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
  }

  private void add(TokenSpeedCall call) {
    if (!call.isOk() || call.outputTokens().isEmpty() || call.seconds().isEmpty()) {
      return;
    }
    Batches all = batches(call.test());
    all.waveCount++;
    all.tokenSum += call.outputTokens().getAsLong();
    all.secondSum += call.seconds().getAsDouble();
  }

  /** Takes one sample. */
  public void add(TelemetrySample sample) {
    resources.add(sample);
  }

  /** Puts the batches together. */
  public void finish() {
    calls.finish();
  }

  /** Every measured request. */
  public PartTally all() {
    return all;
  }

  /** The spikes among the answers of every part, each part and level by itself. */
  public SpikeGroups spikes() {
    return spikes;
  }

  /** Token throughput over all prompt lengths. */
  public PartTally throughput() {
    return throughput;
  }

  /** The searches. */
  public PartTally retrieval() {
    return retrieval;
  }

  /** Token throughput by prompt length in words, ascending. */
  public Map<Integer, PartTally> words() {
    return new LinkedHashMap<>(words);
  }

  /** Batches by their size, ascending. */
  public Map<Integer, Batches> batches() {
    return new LinkedHashMap<>(batches);
  }

  /** The stress levels by concurrency, ascending. */
  public Map<Integer, PartTally> levels() {
    return new LinkedHashMap<>(levels);
  }

  /** What the machines did meanwhile. */
  public ResourceUse resources() {
    return resources;
  }

  /** Whether more than {@link #STABLE_RATIO} of a level's requests succeeded. */
  public static boolean isStable(PartTally level) {
    long ended = level.okCount() + level.failedCount();
    return ended > 0 && level.okCount() > STABLE_RATIO * ended;
  }

  /** The highest stable level; empty if none is. */
  public OptionalInt sustained() {
    return levels.entrySet().stream()
        .filter(level -> isStable(level.getValue()))
        .mapToInt(Map.Entry::getKey)
        .max();
  }
}
