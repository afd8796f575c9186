package llmload.analysis;

import llmload.model.CoreMetric;

/** Why a scope has no number for a metric: the first reason that is true of it. */
final class Absence {
  static final String NO_REQUEST = "no request was measured";
  static final String NO_GENERATION = "no generation request was measured";
  static final String NONE_OK = "no request succeeded";
  static final String NOT_STREAMED = "answers were not streamed";
  static final String NO_PLAN = "the load names no time at which a request should be sent";
  static final String NO_USAGE = "the server sent no usage";
  static final String NO_WINDOW = "all requests were sent and ended at the same moment";

  private Absence() {}

  /** Why no OK request of {@code scope} gave a sample of {@code metric}. */
  static String ofSamples(CoreMetric metric, ScopeCollector scope) {
    if (scope.okCount() == 0) {
      return ofRequests(scope);
    }
    if (needsStream(metric) && scope.okStreamedCount() == 0) {
      return NOT_STREAMED;
    }
    if (needsPlan(metric) && scope.okIntendedCount() == 0) {
      return NO_PLAN;
    }
    return switch (metric) {
      case CONNECT -> "no connection was stamped";
      case TIME_TO_HEADERS -> "no response's headers were stamped";
      case TIME_TO_FIRST_BYTE -> "no response had a body";
      case TTFT, TTFT_FROM_INTENDED, E2E, E2E_FROM_INTENDED, TOKENS_PER_CHUNK ->
          "no answer held a token";
      case TTFOT -> "no answer held content";
      case TPOT -> "no answer had two tokens";
      case INTER_CHUNK, ITL, STALLS -> "no answer came in two chunks";
      case E2E_TERMINATED -> "no answer ended with an end mark";
      case INPUT_TOKENS -> NO_USAGE;
      case SERVER_PREFILL, SERVER_DECODE_TOKENS_PER_SECOND ->
          "no answer told what the server's work took";
      case RECALL_AT_K -> "no search's exact neighbours were known";
      case CACHED_TOKENS ->
          scope.hasSamples(CoreMetric.INPUT_TOKENS)
              ? "the server's usage does not tell cached tokens"
              : NO_USAGE;
      default -> "no answer's tokens were counted";
    };
  }

  /** Why {@code scope} has no OK request. */
  static String ofRequests(ScopeCollector scope) {
    if (scope.startedCount() > 0) {
      return NONE_OK;
    }
    return scope.isGeneration() ? NO_GENERATION : NO_REQUEST;
  }

  private static boolean needsStream(CoreMetric metric) {
    return switch (metric) {
      case TTFT,
          TTFOT,
          TTFT_FROM_INTENDED,
          TPOT,
          ITL,
          INTER_CHUNK,
          TOKENS_PER_CHUNK,
          STALLS,
          E2E_TERMINATED ->
          true;
      default -> false;
    };
  }

  private static boolean needsPlan(CoreMetric metric) {
    return switch (metric) {
      case TTFT_FROM_INTENDED, E2E_FROM_INTENDED, SEND_LAG -> true;
      default -> false;
    };
  }
}
