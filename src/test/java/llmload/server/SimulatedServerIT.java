package llmload.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import llmload.journal.JournalReader;
import llmload.model.Outcome;
import llmload.model.RequestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the simulated engine says and tells, over real sockets. */
class SimulatedServerIT extends SimulatedServerContract {
  private static final String FAST = "back-to-back";

  @TempDir Path folder;

  @Test
  void sameSeed_sameTokens_otherSeedOthers() throws Exception {
    serve(null, "preset", FAST);
    String first = said(chat("Say something", "\"max_tokens\":40,\"seed\":1"));

    assertThat(said(chat("Say something", "\"max_tokens\":40,\"seed\":1"))).isEqualTo(first);
    assertThat(said(chat("Say something", "\"max_tokens\":40,\"seed\":2"))).isNotEqualTo(first);
    assertThat(said(chat("Say anything", "\"max_tokens\":40,\"seed\":1"))).isNotEqualTo(first);
    serve(null, "preset", FAST, "seed", "43");
    assertThat(said(chat("Say something", "\"max_tokens\":40,\"seed\":1"))).isNotEqualTo(first);
  }

  @Test
  void promptTokens_areWhatTokenizeCounts() throws Exception {
    serve(null, "preset", FAST);
    String prompt = "How many tokens, 世界, has\\nthis extraordinarily short prompt?";
    JsonNode tokens =
        MAPPER.readTree(post("/tokenize", "{\"content\":\"" + prompt + "\"}")).path("tokens");

    JsonNode answer =
        MAPPER.readTree(
            post("/v1/completions", "{\"prompt\":\"" + prompt + "\",\"max_tokens\":1}"));

    // How, " many", " token" + "s,", " " + 世 + 界 + ",", " has", LF, this, " extra" "ordin" "arily",
    // " short", " promp" "t?": 1 + 1 + 2 + 4 + 1 + 1 + 1 + 3 + 1 + 2.
    assertThat(tokens).hasSize(17);
    assertThat(answer.at("/usage/prompt_tokens").asInt()).isEqualTo(17);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 77})
  void ignoreEos_givesExactlyTheLimit(int limit) throws Exception {
    serve(null, "preset", FAST, "outputTokens", "5");

    JsonNode answer = chat("Hi", "\"ignore_eos\":true,\"max_tokens\":" + limit);

    assertThat(answer.at("/usage/completion_tokens").asInt()).isEqualTo(limit);
    assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("length");
    // Every word of the answer is a token and begins with a blank.
    assertThat(said(answer).chars().filter(c -> c == ' ').count()).isEqualTo(limit);
  }

  @Test
  void answer_thatEndsByItself_stops() throws Exception {
    serve(null, "preset", FAST, "outputTokens", "5");

    JsonNode answer = chat("Hi", "\"max_tokens\":50");

    assertThat(answer.at("/usage/completion_tokens").asInt()).isEqualTo(5);
    assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
  }

  @Test
  void reasoning_comesFirstAndCounts() throws Exception {
    serve(null, "preset", FAST, "reasoningTokens", "3", "outputTokens", "4");

    JsonNode answer = chat("Hi", "\"max_tokens\":50");

    assertThat(answer.at("/usage/completion_tokens").asInt()).isEqualTo(7);
    assertThat(answer.at("/usage/completion_tokens_details/reasoning_tokens").asInt()).isEqualTo(3);
    String reasoning = answer.at("/choices/0/message/reasoning_content").asText();
    assertThat(reasoning.chars().filter(c -> c == ' ').count()).isEqualTo(3);
    assertThat(said(answer).chars().filter(c -> c == ' ').count()).isEqualTo(4);
    List<JsonNode> events = events(chatBody("Hi", "\"max_tokens\":50,\"stream\":true"));
    assertThat(events.get(1).at("/choices/0/delta/reasoning_content").asText()).isNotEmpty();
    assertThat(events.get(4).at("/choices/0/delta/content").asText()).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 6, 30})
  void minTokens_holdsTheEndBack(int least) throws Exception {
    serve(null, "preset", FAST, "outputTokens", "5");

    JsonNode answer = chat("Hi", "\"max_tokens\":50,\"min_tokens\":" + least);

    assertThat(answer.at("/usage/completion_tokens").asInt()).isEqualTo(least);
    assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
    assertThat(said(answer).chars().filter(c -> c == ' ').count()).isEqualTo(least);
  }

  @Test
  void minTokens_holdsStopSequencesBack() throws Exception {
    serve(null, "preset", FAST);

    // Each word begins with a blank, so that this one stands in the first token already.
    JsonNode free = chat("Hi", "\"max_tokens\":50,\"stop\":\" \"");
    JsonNode held = chat("Hi", "\"max_tokens\":50,\"stop\":\" \",\"min_tokens\":8");

    assertThat(free.at("/usage/completion_tokens").asInt()).isEqualTo(1);
    assertThat(held.at("/usage/completion_tokens").asInt()).isEqualTo(9);
    assertThat(said(held).chars().filter(c -> c == ' ').count()).isEqualTo(8);
  }

  @Test
  void minTokens_aboveTheLimit_isRefused() throws Exception {
    serve(null, "preset", FAST);

    String body = chatBody("Hi", "\"max_tokens\":5,\"min_tokens\":6");

    assertThat(status("/v1/chat/completions", body)).isEqualTo(400);
  }

  @Test
  void errorRate_ofOne_failsEachRequest() throws Exception {
    serve(null, "preset", FAST, "errorRate", "1");

    assertThat(status("/v1/chat/completions", chatBody("Hi", "\"max_tokens\":5"))).isEqualTo(500);
    assertThat(metric("vllm:num_requests_running")).isZero();
  }

  @Test
  void truth_askedFor_isInEachEventAndRises() throws Exception {
    serve(null, "preset", FAST);
    long before = System.nanoTime();

    List<JsonNode> events =
        events(chatBody("Hi", "\"max_tokens\":5,\"stream\":true,\"llmload_truth\":true"));

    long last = before;
    // The role, 5 tokens, the finish.
    assertThat(events).hasSize(7);
    for (JsonNode event : events) {
      long sent = event.path("llmload_sent_nanos").asLong();
      assertThat(sent).isGreaterThanOrEqualTo(last);
      last = sent;
    }
    assertThat(last).isLessThanOrEqualTo(System.nanoTime());
  }

  @Test
  void truthLog_isAJournalOfWhatWasSent() throws Exception {
    serve(folder, "decodeStep", "2ms", "ttftBase", "4ms", "tokensPerChunk", "2");
    long before = System.nanoTime();
    post("/v1/chat/completions", chatBody("Hi", "\"max_tokens\":6,\"stream\":true"));
    long after = System.nanoTime();
    post("/v1/chat/completions", chatBody("Hi", "\"max_tokens\":6"));
    stop();

    List<RequestRecord> records = new ArrayList<>();
    var summary = JournalReader.read(folder, records::add);

    assertThat(records).hasSize(2).allMatch(record -> record.outcome() == Outcome.OK);
    assertThat(summary.footer()).isNotNull();
    RequestRecord streamed = records.get(0);
    assertThat(streamed.sentNanos()).isBetween(before, after);
    // The first token alone, 2 and 2, and the one that is left.
    assertThat(streamed.chunks().tokens()).containsExactly(1, 2, 2, 1);
    // Never before its time: 4 ms, then 2 x 2, 2 x 2 and 2 ms later.
    int[] due = {4_000, 8_000, 12_000, 14_000};
    int sum = 0;
    for (int i = 0; i < due.length; i++) {
      sum += streamed.chunks().gapMicros()[i];
      assertThat(sum).isGreaterThanOrEqualTo(due[i]);
    }
    assertThat(streamed.usage().outputTokens()).isEqualTo(6);
    assertThat(streamed.finishReason()).isEqualTo("length");
    assertThat(records.get(1).chunks().size()).isZero();
  }

  @Test
  void metrics_tellTheCacheAsItIs() throws Exception {
    serve(
        null,
        "preset",
        FAST,
        "kvBlocks",
        "64",
        "blockTokens",
        "16",
        "outputTokens",
        "1",
        "draftTokens",
        "2");
    String prompt = "{\"prompt\":\"" + " a".repeat(100) + "\",\"max_tokens\":1}";
    post("/v1/completions", prompt);
    JsonNode again = MAPPER.readTree(post("/v1/completions", prompt));

    // 100 tokens are 6 full blocks of 16 and 4 tokens.
    assertThat(again.at("/usage/prompt_tokens_details/cached_tokens").asInt()).isEqualTo(96);
    assertThat(metric("vllm:prompt_tokens_total")).isEqualTo(200);
    assertThat(metric("vllm:generation_tokens_total")).isEqualTo(2);
    assertThat(metric("vllm:prefix_cache_queries_total")).isEqualTo(200);
    assertThat(metric("vllm:prefix_cache_hits_total")).isEqualTo(96);
    assertThat(metric("vllm:prompt_tokens_cached_total")).isEqualTo(96);
    assertThat(metric("vllm:kv_cache_usage_perc")).isZero();
    assertThat(metric("vllm:num_preemptions_total")).isZero();
    assertThat(metric("llmload:kv_blocks_evicted_total")).isZero();
    assertThat(metric("vllm:spec_decode_num_drafts_total")).isZero();
    assertThat(metric("vllm:cache_config_info")).isEqualTo(1);
    assertThat(metric("vllm:e2e_request_latency_seconds_count")).isEqualTo(2);
    assertThat(metric("vllm:request_queue_time_seconds_count")).isEqualTo(2);
  }

  @Test
  void metrics_ofCommonSteps_areAHistogramAndElseAbsent() throws Exception {
    serve(null, "preset", FAST, "maxBatch", "8", "maxBatchedTokens", "64");
    post("/v1/completions", "{\"prompt\":\"" + " a".repeat(100) + "\",\"max_tokens\":3}");

    // 64 and 36 tokens of the prompt, then an answer's token each.
    assertThat(metric("vllm:iteration_tokens_total_count")).isEqualTo(4);
    assertThat(metric("vllm:iteration_tokens_total_sum")).isEqualTo(102);
    // The first bucket is that of one token.
    assertThat(metric("vllm:iteration_tokens_total_bucket")).isEqualTo(2);
    serve(null, "preset", FAST);
    assertThat(metrics()).doesNotContain("iteration_tokens");
  }

  @Test
  void smallCache_evictionShowsInMetricsAndUsage() throws Exception {
    serve(null, "preset", FAST, "kvBlocks", "8", "blockTokens", "16");
    String first = "{\"prompt\":\"" + " a".repeat(100) + "\",\"max_tokens\":1}";
    post("/v1/completions", first);
    post("/v1/completions", first.replace(" a", " b"));

    JsonNode again = MAPPER.readTree(post("/v1/completions", first));

    // The second prompt needs 7 of 8 blocks: the spare one, the first one's unknown seventh, and 5
    // of its 6 known ones, from the end. One block of 16 is left.
    assertThat(again.at("/usage/prompt_tokens_details/cached_tokens").asInt()).isEqualTo(16);
    assertThat(metric("llmload:kv_blocks_evicted_total")).isGreaterThanOrEqualTo(5);
  }

  @Test
  void multiByte_textSurvivesAStream() throws Exception {
    serve(null, "preset", FAST, "multiByte", "true");
    String body = chatBody("Hi", "\"max_tokens\":300,\"ignore_eos\":true");
    String whole = said(MAPPER.readTree(post("/v1/chat/completions", body)));
    StringBuilder streamed = new StringBuilder();
    for (JsonNode event : events(body.replace("}]", "}],\"stream\":true"))) {
      streamed.append(event.at("/choices/0/delta/content").asText(""));
    }

    assertThat(streamed).hasToString(whole);
    assertThat(whole.getBytes(StandardCharsets.UTF_8).length).isGreaterThan(whole.length() + 50);
  }

  private static String said(JsonNode answer) {
    return answer.at("/choices/0/message/content").asText();
  }
}
