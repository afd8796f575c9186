package llmload.analysis;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The stated method of everything in a report that a reader could dispute. */
public final class Definitions {
  private static final Map<String, String> ALL = create();

  private Definitions() {}

  /** One or two sentences by topic, in reading order. */
  public static Map<String, String> all() {
    return ALL;
  }

  private static Map<String, String> create() {
    Map<String, String> texts = new LinkedHashMap<>();
    putMethods(texts);
    putLatencies(texts);
    putCounts(texts);
    return Collections.unmodifiableMap(texts);
  }

  private static void putMethods(Map<String, String> texts) {
    texts.put(
        "percentile",
        "Nearest rank: the sample of rank ⌈p ÷ 100 × n⌉ in ascending order, nothing interpolated."
            + " Up to 100,000 values of a metric are kept as they are; beyond that they are folded"
            + " into an HdrHistogram of three digits, no finer than 1 µs, and read back as the"
            + " middle of their bin. Minimum, maximum, mean and standard deviation are always"
            + " those of the samples themselves; the standard deviation divides by n − 1.");
    texts.put(
        "ci",
        "95 %, two-sided, by order statistics: two samples whose ranks the binomial distribution"
            + " gives, whatever the shape. It exists from 6 samples for p50, 59 for p95, 299 for"
            + " p99. It takes samples as independent; tokens of one answer are not, so the"
            + " intervals of itl, inter_chunk and tokens_per_chunk are too narrow.");
    texts.put(
        "window",
        "First sent → last end of the OK and failed measured requests of the scope. Every rate"
            + " divides by it. Requests still in flight at the end do not stretch it.");
    texts.put(
        "scope",
        "all is every measured request that asks for generated tokens; each request name is a"
            + " scope of its own. Latencies, token counts and rates are over OK requests only.");
    texts.put(
        "warm-up",
        "Requests sent to warm both sides are in no metric and in no count but their own.");
    texts.put("absent", "What was not measured has no number and says why; it is never zero.");
  }

  private static void putLatencies(Map<String, String> texts) {
    texts.put(
        "ttft",
        "Sent → first generated token in any channel: content, reasoning or tool call. Events"
            + " without text, such as one that only names the role, do not count. Absent where"
            + " answers are not streamed.");
    texts.put("ttfot", "Sent → first token of the answer's content, reasoning left out.");
    texts.put(
        "e2e",
        "Sent → last token; for an answer in one piece, sent → end. e2e_terminated runs to the"
            + " stream's end mark instead. Connecting is inside: sent is before the connection.");
    texts.put(
        "tpot",
        "(last token − first token) ÷ (n − 1), one sample a request, absent for n < 2. An answer"
            + " whose tokens all came in one chunk has a tpot of 0: they arrived together.");
    texts.put(
        "itl",
        "The gap before a chunk divided over its tokens, one sample a token; the first chunk is"
            + " left out. inter_chunk is the same gap undivided, one sample a chunk.");
    texts.put(
        "stalls",
        "Gaps of one stream that exceed both 100 ms and 5 × the median of its gaps (nearest rank);"
            + " one sample a request.");
    texts.put(
        "send_lag",
        "Sent − intended: how late the injector was. Its own health uses every measured request,"
            + " the metric the OK ones. A closed loop names no intended time and has none.");
    texts.put(
        "from_intended",
        "The latencies named so start where the plan wanted the request sent; they hold the"
            + " injector's lag and any queue in front of the server.");
  }

  private static void putCounts(Map<String, String> texts) {
    texts.put(
        "tokens",
        "n is the server's usage; without one, the sum over the chunks, by a tokenizer of the"
            + " model or one a chunk. Reasoning is included. How many answers were counted how is"
            + " told beside.");
    texts.put(
        "goodput",
        "OK requests that keep every upper limit (< or <=) that the graded targets set on ttft,"
            + " ttfot, tpot or e2e, whatever the statistic, for all or for the request's own name;"
            + " the tightest of each metric counts, a limit on a standard deviation does not. What"
            + " has a limit and was not measured is not kept, except tpot of a single token."
            + " good_fraction divides by all started requests.");
    texts.put(
        "error_rate",
        "Failed ÷ (ok + failed). Requests in flight when the run ended are incomplete: they count"
            + " as started, and in no latency.");
    texts.put(
        "schema_compliance",
        "Answers that fit their JSON Schema ÷ complete answers that carried one, failed ones"
            + " included.");
    texts.put(
        "spike_rate",
        "Share of OK requests whose e2e is strictly above mean + 3 × sample standard deviation;"
            + " absent below 10. It cannot exceed 10 % whatever the server does (Cantelli).");
    texts.put(
        "failed_streams",
        "The TTFT of streams that failed after their first token is told apart and in no metric.");
    texts.put(
        "series",
        "Equal intervals from one second up, at most 600. Tokens stand where they arrived, TTFT"
            + " where its request was sent, percentiles from histograms of two digits. An edge of"
            + " less than half an interval is joined to its neighbour.");
  }
}
