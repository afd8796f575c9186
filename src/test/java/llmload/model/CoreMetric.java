package llmload.model;

import static llmload.model.Metric.Better.HIGHER;
import static llmload.model.Metric.Better.LOWER;
import static llmload.model.Metric.Better.NEITHER;
import static llmload.model.Metric.Shape.DISTRIBUTION;
import static llmload.model.Metric.Shape.VALUE;

/**
 * The metrics that are made of the requests of a scope: every scope has them, or says why not.
 *
 * <p>{@code sent}, {@code first token} and the like are the stamps of {@link Stamps}; {@code n} is
 * the number of output tokens. Distributions have one sample a request unless the formula says
 * otherwise, over OK measured requests.
 */
public enum CoreMetric implements Metric {
  /** Opening the connection. */
  CONNECT("ms", DISTRIBUTION, LOWER, "connected − sent", "AIPerf http_req_connecting, roughly"),
  /** Until the response's headers. */
  TIME_TO_HEADERS("ms", DISTRIBUTION, LOWER, "headers − sent", "Gatling sse() connect time"),
  /** Until the first byte of the body. */
  TIME_TO_FIRST_BYTE("ms", DISTRIBUTION, LOWER, "first byte − sent", "k6 http_req_waiting"),
  /** Time to first token. */
  TTFT(
      "ms",
      DISTRIBUTION,
      LOWER,
      "min(first reasoning, first content, first tool call) − sent",
      "GuideLLM time_to_first_token_ms, AIPerf time_to_first_token"),
  /** Time to first answer token. */
  TTFOT(
      "ms",
      DISTRIBUTION,
      LOWER,
      "first content − sent",
      "GuideLLM time_to_first_output_token_ms, inference-perf time_to_first_token"),
  /** Gaps between chunks. */
  INTER_CHUNK(
      "ms",
      DISTRIBUTION,
      LOWER,
      "gap between consecutive chunks that carry tokens; one sample a gap",
      "vLLM itl, AIPerf inter_chunk_latency"),
  /** Gaps between tokens. */
  ITL(
      "ms",
      DISTRIBUTION,
      LOWER,
      "gap before a chunk ÷ its tokens; one sample a token, the first chunk left out",
      "SGLang itl (native back end)"),
  /** Time per output token. */
  TPOT(
      "ms",
      DISTRIBUTION,
      LOWER,
      "(last token − first token) ÷ (n − 1); absent for n < 2",
      "vLLM tpot, AIPerf inter_token_latency, MLPerf TPOT"),
  /** End to end, to the last content. */
  E2E(
      "ms",
      DISTRIBUTION,
      LOWER,
      "last token − sent; end − sent if not streamed",
      "vLLM e2el, AIPerf request_latency"),
  /** End to end, shared out over the output tokens. */
  E2E_PER_OUTPUT_TOKEN(
      "ms",
      DISTRIBUTION,
      LOWER,
      "e2e ÷ n; absent for n = 0",
      "inference-perf normalized_time_per_output_token, sagellm-benchmark avg_tpot_ms"),
  /** End to end, to the end mark. */
  E2E_TERMINATED(
      "ms", DISTRIBUTION, LOWER, "terminator − sent", "GuideLLM request_latency, SGLang e2e"),
  /** TTFT from the planned start. */
  TTFT_FROM_INTENDED(
      "ms", DISTRIBUTION, LOWER, "first token − intended", "MLPerf LoadGen TTFT (server scenario)"),
  /** E2E from the planned start. */
  E2E_FROM_INTENDED(
      "ms", DISTRIBUTION, LOWER, "last token − intended", "wrk2 corrected latency, MLPerf LoadGen"),
  /** How late the injector sent. */
  SEND_LAG("ms", DISTRIBUTION, LOWER, "sent − intended", "inference-perf schedule_delay"),
  /** Tokens per second of one stream. */
  OUTPUT_TOKENS_PER_SECOND_PER_USER(
      "tok/s", DISTRIBUTION, HIGHER, "n ÷ e2e", "AIPerf e2e_output_token_throughput"),
  /** Output tokens per second of all streams. */
  OUTPUT_TOKENS_PER_SECOND(
      "tok/s",
      VALUE,
      HIGHER,
      "Σ n ÷ (last end − first sent)",
      "vLLM output_throughput, AIPerf output_token_throughput"),
  /** All tokens per second. */
  TOTAL_TOKENS_PER_SECOND(
      "tok/s",
      VALUE,
      HIGHER,
      "Σ (input tokens + n) ÷ (last end − first sent)",
      "vLLM total_token_throughput"),
  /** Completed requests per second. */
  REQUESTS_PER_SECOND(
      "req/s", VALUE, HIGHER, "OK requests ÷ (last end − first sent)", "vLLM request_throughput"),
  /** Requests per second that kept every limit. */
  GOODPUT_REQUESTS_PER_SECOND(
      "req/s",
      VALUE,
      HIGHER,
      "OK requests within every upper limit that the targets set on ttft, ttfot, tpot and e2e"
          + " ÷ (last end − first sent)",
      "vLLM request_goodput"),
  /** Share of started requests that kept every limit. */
  GOOD_FRACTION(
      "ratio", VALUE, HIGHER, "good requests ÷ started requests", "AIPerf good_request_fraction"),
  /** Prompt length. */
  INPUT_TOKENS("tok", DISTRIBUTION, NEITHER, "prompt tokens by the server's usage", "all"),
  /** Answer length. */
  OUTPUT_TOKENS("tok", DISTRIBUTION, NEITHER, "n, reasoning included", "all"),
  /** Prompt tokens from the server's cache. */
  CACHED_TOKENS(
      "tok", DISTRIBUTION, NEITHER, "cached prompt tokens by the server's usage", "SGLang"),
  /** Prefill, by the server. */
  SERVER_PREFILL(
      "ms",
      DISTRIBUTION,
      LOWER,
      "time on the prompt by the answer's own word, cached tokens left out",
      "llama.cpp timings.prompt_ms, Ollama prompt_eval_duration"),
  /** Decode speed, by the server. */
  SERVER_DECODE_TOKENS_PER_SECOND(
      "tok/s",
      DISTRIBUTION,
      HIGHER,
      "n ÷ time of decoding by the answer's own word",
      "Ollama eval_count ÷ eval_duration; llama.cpp predicted_per_second counts n − 1"),
  /** Tokens a chunk. */
  TOKENS_PER_CHUNK(
      "tok",
      DISTRIBUTION,
      NEITHER,
      "tokens of a chunk; one sample a chunk",
      "GuideLLM output_tokens_per_iteration"),
  /** Stalls a stream. */
  STALLS(
      "count",
      DISTRIBUTION,
      LOWER,
      "chunk gaps of a stream that exceed 100 ms and 5 × its median gap",
      "none"),
  /** Share of answers that fit their schema. */
  SCHEMA_COMPLIANCE(
      "ratio",
      VALUE,
      HIGHER,
      "answers valid against their JSON Schema ÷ complete answers that carried one",
      "none (vLLM's correct_rate only parses)"),
  /** Share of requests that failed. */
  ERROR_RATE(
      "ratio", VALUE, LOWER, "failed ÷ (ok + failed)", "none: incomplete requests are apart"),
  /** Share of slow outliers. */
  SPIKE_RATE(
      "ratio",
      VALUE,
      LOWER,
      "requests whose e2e exceeds mean + 3 × sample standard deviation ÷ OK requests;"
          + " absent below 10",
      "none"),
  /** Share of the exact neighbours that a search found. */
  RECALL_AT_K(
      "ratio",
      DISTRIBUTION,
      HIGHER,
      "ids among both the k hits and the k exact neighbours ÷ k; one sample a search whose exact"
          + " neighbours are known",
      "ANN-Benchmarks k-nn recall, VectorDBBench recall");

  @SuppressWarnings("ImmutableEnumChecker") // A record of texts and constants.
  private final Definition definition;

  CoreMetric(String unit, Shape shape, Better better, String formula, String equalTo) {
    definition = new Definition(unit, shape, better, formula, equalTo);
  }

  @Override
  public Definition definition() {
    return definition;
  }
}
