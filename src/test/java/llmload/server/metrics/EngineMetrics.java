package llmload.server.metrics;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import llmload.server.engine.Engine;
import llmload.server.engine.EngineFigures;
import org.jspecify.annotations.Nullable;

/**
 * The server's counters and histograms, in vLLM's names and buckets.
 *
 * <p>Requests are counted where they are answered, the cache where the engine keeps it. What an
 * engine cannot tell (llama.cpp's binding tells nothing of its cache) has no series at all. Every
 * method may be called from any thread.
 */
public final class EngineMetrics {
  /** The content type of {@link #text}. */
  public static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

  private static final double NANOS = 1e9;
  private static final String[] LABELS = {"engine", "model_name"};
  private static final double[] FIRST_TOKEN = {
    .001, .005, .01, .02, .04, .06, .08, .1, .25, .5, .75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160, 640,
    2560
  };
  private static final double[] INTER_TOKEN = {
    .01, .025, .05, .075, .1, .15, .2, .3, .4, .5, .75, 1, 2.5, 5, 7.5, 10, 20, 40, 80
  };
  private static final double[] WHOLE = {
    .3, .5, .8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1920, 7680
  };
  private static final double[] LENGTHS = {
    1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000
  };

  private final Engine engine;
  private final StepHistogram steps;
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final PrometheusTextFormatWriter writer =
      PrometheusTextFormatWriter.builder().setIncludeCreatedTimestamps(false).build();
  private final String[] labels;
  private final Map<String, CounterDataPoint> ends = new LinkedHashMap<>();
  private final CounterDataPoint promptTokens;
  private final CounterDataPoint generatedTokens;
  private final DistributionDataPoint firstToken;
  private final DistributionDataPoint interToken;
  private final DistributionDataPoint perToken;
  private final DistributionDataPoint endToEnd;
  private final DistributionDataPoint queued;
  private final DistributionDataPoint inference;
  private final DistributionDataPoint prefill;
  private final DistributionDataPoint decode;
  private final DistributionDataPoint promptLength;
  private final DistributionDataPoint answerLength;

  /**
   * @param modelName the name that the model is served under
   * @param startedSeconds when the process began, seconds since 1970
   */
  public EngineMetrics(Engine engine, String modelName, double startedSeconds) {
    labels = new String[] {"0", modelName};
    this.engine = engine;
    steps = new StepHistogram("0", modelName);
    Gauge.builder()
        .name("process_start_time_seconds")
        .help("Start of the process, seconds since 1970.")
        .register(registry)
        .set(startedSeconds);
    ownMetrics(engine);
    promptTokens = counter("vllm:prompt_tokens", "Prompt tokens, cached ones included.");
    generatedTokens = counter("vllm:generation_tokens", "Generated tokens.");
    Counter success =
        Counter.builder()
            .name("vllm:request_success")
            .help("Requests that are over.")
            .labelNames("engine", "model_name", "finished_reason")
            .register(registry);
    for (String reason : new String[] {"stop", "length", "tool_calls", "abort", "error"}) {
      ends.put(reason, success.labelValues("0", modelName, reason));
    }
    firstToken = histogram("time_to_first_token_seconds", "Arrival to first token.", FIRST_TOKEN);
    interToken =
        histogram(
            "inter_token_latency_seconds", "Gap between chunks over its tokens.", INTER_TOKEN);
    perToken =
        histogram(
            "request_time_per_output_token_seconds",
            "Mean gap of a request's tokens.",
            INTER_TOKEN);
    endToEnd = histogram("e2e_request_latency_seconds", "Arrival to end.", WHOLE);
    queued = histogram("request_queue_time_seconds", "Arrival to leaving the queue.", WHOLE);
    inference = histogram("request_inference_time_seconds", "Queue to last token.", WHOLE);
    String source =
        engine.figures().cache() == null
            ? " Estimate: seen from outside the engine, the wait for its step included."
            : "";
    prefill = histogram("request_prefill_time_seconds", "Queue to first token." + source, WHOLE);
    decode = histogram("request_decode_time_seconds", "First to last token.", WHOLE);
    promptLength = histogram("request_prompt_tokens", "Prompt tokens of a request.", LENGTHS);
    answerLength = histogram("request_generation_tokens", "Tokens of an answer.", LENGTHS);
    gauge("vllm:num_requests_running", "Requests computed now.", engine, f -> f.runningCount());
    gauge("vllm:num_requests_waiting", "Requests in the queue.", engine, f -> f.waitingCount());
    EngineFigures.Cache cache = engine.figures().cache();
    if (cache != null) {
      cacheMetrics(engine, cache);
    }
    if (engine.figures().speculation() != null) {
      speculationMetrics(engine);
    }
  }

  /** A request's first tokens went out. */
  public void firstToken(long sinceArrivalNanos) {
    firstToken.observe(sinceArrivalNanos / NANOS);
  }

  /** Further tokens went out, {@code gapNanos} after the ones before. */
  public void tokens(long gapNanos, int count) {
    double each = gapNanos / NANOS / count;
    for (int i = 0; i < count; i++) {
      interToken.observe(each);
    }
  }

  /** Tokens were generated. */
  public void generated(int count) {
    generatedTokens.inc(count);
  }

  /** A request's prompt was computed. */
  public void prompt(int count) {
    promptTokens.inc(count);
  }

  /** A request is over. */
  public void ended(RequestFigures request) {
    CounterDataPoint end = ends.get(request.reason());
    if (end != null) {
      end.inc();
    }
    Long begun = request.begunNanos();
    if (begun != null) {
      queued.observe((begun - request.arrivedNanos()) / NANOS);
    }
    Long first = request.firstTokenNanos();
    Long last = request.lastTokenNanos();
    if (begun == null || first == null || last == null || request.reason().equals("abort")) {
      return;
    }
    endToEnd.observe((request.endedNanos() - request.arrivedNanos()) / NANOS);
    inference.observe((last - begun) / NANOS);
    prefill.observe((first - begun) / NANOS);
    decode.observe((last - first) / NANOS);
    if (request.generatedTokens() > 1) {
      perToken.observe((last - first) / NANOS / (request.generatedTokens() - 1));
    }
    promptLength.observe(request.promptTokens());
    answerLength.observe(request.generatedTokens());
  }

  /** Everything, in Prometheus' text format. */
  public byte[] text() {
    ByteArrayOutputStream out = new ByteArrayOutputStream(16_384);
    try {
      writer.write(out, registry.scrape());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    EngineFigures.Steps done = engine.figures().steps();
    if (done != null) {
      out.writeBytes(steps.text(done).getBytes(StandardCharsets.UTF_8));
    }
    return out.toByteArray();
  }

  /** What vLLM has no name for. */
  private void ownMetrics(Engine engine) {
    Info.builder()
        .name("llmload:engine_info")
        .help("Which engine answers.")
        .labelNames("name")
        .register(registry)
        .addLabelValues(engine.name());
    Long loadNanos = engine.figures().loadNanos();
    if (loadNanos != null) {
      Gauge.builder()
          .name("llmload:model_load_seconds")
          .help("What loading the model took.")
          .register(registry)
          .set(loadNanos / NANOS);
    }
  }

  private void cacheMetrics(Engine engine, EngineFigures.Cache shape) {
    Info.builder()
        .name("vllm:cache_config_info")
        .help("The cache's settings.")
        .labelNames(
            "engine",
            "block_size",
            "num_gpu_blocks",
            "kv_cache_size_tokens",
            "enable_prefix_caching")
        .register(registry)
        .addLabelValues(
            "0",
            Integer.toString(shape.blockTokens()),
            Integer.toString(shape.blockCount()),
            Long.toString((long) shape.blockCount() * shape.blockTokens()),
            shape.prefixCaching() ? "True" : "False");
    gauge(
        "vllm:kv_cache_usage_perc",
        "Share of the blocks in use, 0 to 1.",
        engine,
        f -> cache(f).usedBlockCount() / (double) cache(f).blockCount());
    counted("vllm:num_preemptions", "Preemptions.", engine, f -> cache(f).preemptionCount());
    counted(
        "vllm:prompt_tokens_recomputed",
        "Tokens computed again after a preemption.",
        engine,
        f -> cache(f).recomputedTokens());
    if (!shape.prefixCaching()) {
      return;
    }
    counted(
        "vllm:prefix_cache_queries", "Tokens looked up.", engine, f -> cache(f).queriedTokens());
    counted("vllm:prefix_cache_hits", "Tokens found.", engine, f -> cache(f).hitTokens());
    counted(
        "vllm:prompt_tokens_cached",
        "Prompt tokens from the cache.",
        engine,
        f -> cache(f).hitTokens());
    counted(
        "llmload:kv_blocks_evicted",
        "Reusable blocks given up for new content.",
        engine,
        f -> cache(f).evictedBlockCount());
  }

  private void speculationMetrics(Engine engine) {
    counted("vllm:spec_decode_num_drafts", "Drafts.", engine, f -> speculation(f).draftCount());
    counted(
        "vllm:spec_decode_num_draft_tokens",
        "Tokens drafted.",
        engine,
        f -> speculation(f).draftTokens());
    counted(
        "vllm:spec_decode_num_accepted_tokens",
        "Drafted tokens accepted.",
        engine,
        f -> speculation(f).acceptedTokens());
  }

  private CounterDataPoint counter(String name, String help) {
    return Counter.builder()
        .name(name)
        .help(help)
        .labelNames(LABELS)
        .register(registry)
        .labelValues(labels);
  }

  private DistributionDataPoint histogram(String name, String help, double[] bounds) {
    return Histogram.builder()
        .name("vllm:" + name)
        .help(help)
        .labelNames(LABELS)
        .classicOnly()
        .classicUpperBounds(bounds)
        .register(registry)
        .labelValues(labels);
  }

  private void gauge(
      String name, String help, Engine engine, ToDoubleFunction<EngineFigures> value) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .labelNames(LABELS)
        .callback(point -> point.call(value.applyAsDouble(engine.figures()), labels))
        .register(registry);
  }

  private void counted(
      String name, String help, Engine engine, ToDoubleFunction<EngineFigures> value) {
    CounterWithCallback.builder()
        .name(name)
        .help(help)
        .labelNames(LABELS)
        .callback(point -> point.call(value.applyAsDouble(engine.figures()), labels))
        .register(registry);
  }

  private static EngineFigures.Cache cache(EngineFigures figures) {
    EngineFigures.@Nullable Cache cache = figures.cache();
    return Objects.requireNonNull(cache);
  }

  private static EngineFigures.Speculation speculation(EngineFigures figures) {
    EngineFigures.@Nullable Speculation speculation = figures.speculation();
    return Objects.requireNonNull(speculation);
  }
}
