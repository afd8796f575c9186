package llmload.server.engine.simulated;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import llmload.config.SettingsReader;
import llmload.server.agents.SessionLimits;
import org.jspecify.annotations.Nullable;

/**
 * The simulated engine's numbers: a preset's, or what was given instead.
 *
 * @param preset the preset's name, which is the model's name too
 * @param latency how long everything takes
 * @param kvCache the key-value cache; {@code null} for one without end that reuses nothing
 * @param maxBatchCount sequences that are computed at once; more wait
 * @param maxBatchedTokens tokens of prompts and answers that a common step computes at most; {@code
 *     null} for no common steps: prompts are computed beside, and each answer has steps of its own
 * @param contextTokenCount tokens of a sequence, prompt and answer together
 * @param tokensPerChunk decode steps whose tokens go out together
 * @param draftTokenCount tokens that each decode step drafts; 0 for no speculation
 * @param acceptanceRatio the share of drafted tokens that are accepted, each after the one before
 * @param roleEarly whether the answer's head goes out before its first token
 * @param outputTokens tokens of an answer that ends by itself, without reasoning
 * @param reasoningTokens tokens of reasoning before each answer
 * @param multiByte whether the text goes beyond ASCII
 * @param errorRatio the share of requests that fail instead of their first token
 * @param seed of everything random
 * @param sessions the size of sessions, in memory and on disk
 */
public record SimulatedSettings(
    String preset,
    LatencyModel latency,
    @Nullable KvCacheShape kvCache,
    int maxBatchCount,
    @Nullable Integer maxBatchedTokens,
    int contextTokenCount,
    int tokensPerChunk,
    int draftTokenCount,
    double acceptanceRatio,
    boolean roleEarly,
    TokenLengths outputTokens,
    TokenLengths reasoningTokens,
    boolean multiByte,
    double errorRatio,
    long seed,
    SessionLimits sessions) {

  /** The prefix of every key. */
  public static final String PREFIX = "engine.";

  /** Every key without {@link #PREFIX}, with what it is for. */
  public static final Map<String, String> KEYS = keys();

  private static final int MAX_COUNT = 100_000_000;

  /**
   * The size of a key-value cache.
   *
   * @param blockCount blocks in all
   * @param blockTokens tokens a block holds
   * @param prefixCaching whether blocks are kept for prompts that begin alike
   */
  public record KvCacheShape(int blockCount, int blockTokens, boolean prefixCaching) {}

  /** Reads {@code engine.*}; what is not given is the preset's. */
  public static SimulatedSettings read(SettingsReader settings) {
    SimulatedPreset preset =
        SimulatedPreset.of(
            settings.choice(PREFIX + "preset", SimulatedPreset.ids(), SimulatedPreset.SUITE.id()));
    KvCacheShape kv = kvCache(settings, preset.kvCache());
    int context = settings.integer(PREFIX + "contextTokens", 32_768, 16, MAX_COUNT);
    if (kv != null) {
      context = (int) Math.min(context, (long) kv.blockCount() * kv.blockTokens());
    }
    int maxBatch = settings.integer(PREFIX + "maxBatch", preset.maxBatchCount(), 1, MAX_COUNT);
    int draftTokens = settings.integer(PREFIX + "draftTokens", 0, 0, 64);
    return new SimulatedSettings(
        preset.id(),
        latency(settings, preset.latency()),
        kv,
        maxBatch,
        batchedTokens(settings, preset, maxBatch * (1L + draftTokens)),
        context,
        settings.integer(PREFIX + "tokensPerChunk", 1, 1, 1_000),
        draftTokens,
        settings.number(PREFIX + "acceptance", 0.7, 0, 1),
        settings.flag(PREFIX + "roleEarly", false),
        lengths(settings, "outputTokens", preset.outputTokens()),
        lengths(settings, "reasoningTokens", TokenLengths.fixed(0)),
        settings.flag(PREFIX + "multiByte", false),
        settings.number(PREFIX + "errorRate", 0, 0, 1),
        settings.longNumber(PREFIX + "seed", 42, Long.MIN_VALUE, Long.MAX_VALUE),
        sessions(settings));
  }

  private static SessionLimits sessions(SettingsReader settings) {
    int kvBytes = settings.integer(PREFIX + "kvBytesPerToken", 4_096, 8, 16 << 20);
    if (kvBytes % Integer.BYTES != 0) {
      settings.reject(PREFIX + "kvBytesPerToken", "a multiple of 4");
    }
    return new SessionLimits(
        kvBytes,
        settings.integer(PREFIX + "sessionBlockTokens", 256, 1, 65_536),
        settings.integer(PREFIX + "hotSessions", 12, 1, MAX_COUNT),
        (long) settings.integer(PREFIX + "sessionFileMegabytes", 1_024, 1, 1 << 20) << 20,
        settings.text(PREFIX + "sessionFolder").map(Path::of).orElse(null));
  }

  /** The numbers of {@code values} alone, whose keys have no prefix; a test's or a command's. */
  public static SimulatedSettings of(Map<String, String> values) {
    Map<String, String> properties = new LinkedHashMap<>();
    values.forEach((key, value) -> properties.put("llm." + PREFIX + key, value));
    SettingsReader reader = SettingsReader.of(properties, Map.of(), Map.of(), "none");
    SimulatedSettings settings = read(reader);
    reader.requireNoProblems();
    return settings;
  }

  /** The option of the command {@code serve} for a key: {@code --sim-ttft-base}. */
  public static String option(String key) {
    return "--sim-" + key.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  /** What of {@code engine.*} is given, keys without prefix, to be handed to another process. */
  public static Map<String, String> given(SettingsReader settings) {
    Map<String, String> given = new LinkedHashMap<>();
    for (String key : KEYS.keySet()) {
      settings.text(PREFIX + key).ifPresent(value -> given.put(key, value));
    }
    return given;
  }

  private static LatencyModel latency(SettingsReader settings, LatencyModel preset) {
    OptionalDouble prefill = settings.number(PREFIX + "prefillTokensPerSecond", 0.001, 1e9);
    return new LatencyModel(
        prefill.isPresent()
            ? Double.valueOf(prefill.getAsDouble())
            : preset.prefillTokensPerSecond(),
        nanos(settings, "ttftBase", preset.ttftBaseNanos()),
        nanos(settings, "decodeStep", preset.decodeStepNanos()),
        nanos(settings, "decodeStepPerSequence", preset.decodeStepPerSequenceNanos()),
        settings.number(PREFIX + "jitter", preset.jitterRatio(), 0, 3),
        settings.number(PREFIX + "tailProbability", preset.tailRatio(), 0, 1),
        settings.number(PREFIX + "tailFactor", preset.tailFactorRatio(), 1, 1e6));
  }

  /**
   * @param leastTokens what a step of nothing but answers needs; with less, prompts could wait for
   *     ever
   */
  private static @Nullable Integer batchedTokens(
      SettingsReader settings, SimulatedPreset preset, long leastTokens) {
    OptionalInt given = settings.integer(PREFIX + "maxBatchedTokens", 1, MAX_COUNT);
    Integer tokens = given.isPresent() ? Integer.valueOf(given.getAsInt()) : preset.batchedTokens();
    if (tokens != null && tokens < leastTokens) {
      settings.reject(
          PREFIX + "maxBatchedTokens", leastTokens + " or more: maxBatch times 1 + draftTokens");
    }
    return tokens;
  }

  private static @Nullable KvCacheShape kvCache(
      SettingsReader settings, @Nullable KvCacheShape preset) {
    OptionalInt blocks = settings.integer(PREFIX + "kvBlocks", 1, MAX_COUNT);
    int blockTokens =
        settings.integer(
            PREFIX + "blockTokens", preset == null ? 16 : preset.blockTokens(), 1, 65_536);
    boolean caching = settings.flag(PREFIX + "prefixCache", true);
    if (blocks.isEmpty() && preset == null) {
      return null;
    }
    int count = blocks.isPresent() || preset == null ? blocks.orElse(1) : preset.blockCount();
    return new KvCacheShape(count, blockTokens, caching);
  }

  private static long nanos(SettingsReader settings, String key, long presetNanos) {
    return settings.duration(PREFIX + key, Duration.ofNanos(presetNanos)).toNanos();
  }

  private static TokenLengths lengths(SettingsReader settings, String key, TokenLengths fallback) {
    Optional<String> text = settings.text(PREFIX + key);
    if (text.isEmpty()) {
      return fallback;
    }
    Optional<TokenLengths> lengths = TokenLengths.parse(text.get());
    if (lengths.isEmpty()) {
      settings.reject(PREFIX + key, TokenLengths.RULE);
    }
    return lengths.orElse(fallback);
  }

  private static Map<String, String> keys() {
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("preset", "numbers to start from: " + String.join(", ", SimulatedPreset.ids()));
    keys.put("prefillTokensPerSecond", "prompt tokens computed in a second");
    keys.put("ttftBase", "time to the first token besides the prompt's, as 10ms");
    keys.put("decodeStep", "time of a decode step of one sequence");
    keys.put("decodeStepPerSequence", "what each further sequence adds to it, as 0.03ms");
    keys.put("maxBatch", "sequences computed at once");
    keys.put("maxBatchedTokens", "tokens of prompts and answers in a common step");
    keys.put("contextTokens", "tokens of a sequence, prompt and answer together");
    keys.put("kvBlocks", "blocks of the key-value cache");
    keys.put("blockTokens", "tokens a block holds");
    keys.put("prefixCache", "whether blocks are reused");
    keys.put("jitter", "standard deviation of the logarithm of a step's noise");
    keys.put("tailProbability", "share of steps that are slow");
    keys.put("tailFactor", "least factor of a slow step");
    keys.put("tokensPerChunk", "decode steps whose tokens go out together");
    keys.put("draftTokens", "tokens drafted in each decode step");
    keys.put("acceptance", "share of drafted tokens that are accepted");
    keys.put("roleEarly", "whether the role goes out before the first token");
    keys.put("outputTokens", "length of an answer: 128, uniform:100..200 or normal:512,64");
    keys.put("reasoningTokens", "length of the reasoning before it, likewise");
    keys.put("multiByte", "whether the text goes beyond ASCII");
    keys.put("errorRate", "share of requests that fail");
    keys.put("seed", "seed of everything random");
    keys.put("kvBytesPerToken", "bytes of a session's cache a token, in memory and on disk");
    keys.put("sessionBlockTokens", "tokens a block of a session's memory holds");
    keys.put("hotSessions", "sessions kept in memory");
    keys.put("sessionFileMegabytes", "the largest file of a session, in MiB");
    keys.put("sessionFolder", "where a folder for the files of sessions is made, and deleted");
    return Collections.unmodifiableMap(keys);
  }
}
