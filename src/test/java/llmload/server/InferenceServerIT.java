package llmload.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Answers of the real model over real sockets. */
class InferenceServerIT extends LlamaServerContract {
  @Test
  void stream_withUsage_hasRoleTextFinishUsageDoneInThisOrder() throws Exception {
    HttpResponse<String> response =
        send(
            "/v1/chat/completions",
            "{"
                + HELLO
                + ",\"stream\":true,\"seed\":1,\"max_tokens\":6,\"ignore_eos\":true,"
                + "\"stream_options\":{\"include_usage\":true}}");

    assertThat(response.headers().firstValue("content-type"))
        .hasValue("text/event-stream; charset=utf-8");
    List<String> events = events(response.body());
    // 1 role, 6 tokens (one chunk each: the model's text is ASCII), 1 finish, 1 usage, [DONE].
    assertThat(events).hasSize(10);
    assertThat(MAPPER.readTree(events.get(0)).at("/choices/0/delta/role").asText())
        .isEqualTo("assistant");
    assertThat(MAPPER.readTree(events.get(7)).at("/choices/0/finish_reason").asText())
        .isEqualTo("length");
    JsonNode last = MAPPER.readTree(events.get(8));
    assertThat(last.path("choices")).isEmpty();
    // 15 is what llama.cpp's own server recorded for this prompt and model.
    assertThat(last.path("usage").toString())
        .isEqualTo("{\"prompt_tokens\":15,\"completion_tokens\":6,\"total_tokens\":21}");
    assertThat(events.get(9)).isEqualTo("[DONE]");
  }

  @Test
  void promptTokens_ofASystemMessage_areTheRecordedOnes() throws Exception {
    HttpResponse<String> response =
        send(
            "/v1/chat/completions",
            "{\"max_tokens\":1,\"messages\":[{\"role\":\"system\",\"content\":\"You are terse.\"},"
                + HELLO.substring(HELLO.indexOf('{'))
                + "}");

    // 29: llama.cpp's own server for the same two messages.
    assertThat(MAPPER.readTree(response.body()).at("/usage/prompt_tokens").asInt()).isEqualTo(29);
  }

  @Test
  void usage_ofAnswersThatEndByThemselves_isTheTextsTokensAndTheEndToken() throws Exception {
    int stopped = 0;
    for (int seed = 1; seed <= 12; seed++) {
      JsonNode answer = chat("\"max_tokens\":200,\"seed\":" + seed);
      String text = answer.at("/choices/0/message/content").asText();
      boolean stop = answer.at("/choices/0/finish_reason").asText().equals("stop");
      stopped += stop ? 1 : 0;
      int recounted = engine.tokenize(text).length + (stop ? 1 : 0);
      // The model may split a word otherwise than its tokenizer would, so a few tokens more.
      assertThat(answer.at("/usage/completion_tokens").asInt())
          .as(text)
          .isBetween(recounted, recounted + 3);
    }
    // 23 of 24 recorded answers within 200 tokens ended by themselves.
    assertThat(stopped).isGreaterThanOrEqualTo(6);
  }

  @Test
  void otherSeeds_giveOtherTexts() throws Exception {
    List<String> texts = new ArrayList<>();
    for (int seed = 1; seed <= 4; seed++) {
      JsonNode answer = chat("\"temperature\":1,\"max_tokens\":30,\"seed\":" + seed);
      texts.add(answer.at("/choices/0/message/content").asText());
    }

    assertThat(texts).doesNotHaveDuplicates();
  }

  @Test
  void minTokens_isKeptWhereTheEngineCanAndElseRefused() throws Exception {
    HttpResponse<String> whole =
        send("/v1/chat/completions", "{" + HELLO + ",\"max_tokens\":300,\"min_tokens\":300}");
    HttpResponse<String> part =
        send("/v1/chat/completions", "{" + HELLO + ",\"max_tokens\":300,\"min_tokens\":299}");

    assertThat(MAPPER.readTree(whole.body()).at("/usage/completion_tokens").asInt()).isEqualTo(300);
    assertThat(part.statusCode()).isEqualTo(400);
    assertThat(MAPPER.readTree(part.body()).at("/error/param").asText()).isEqualTo("min_tokens");
  }

  @Test
  void completion_isFedAsItIs() throws Exception {
    HttpResponse<String> response =
        send("/v1/completions", "{\"prompt\":\"Once upon\",\"max_tokens\":3,\"ignore_eos\":true}");

    JsonNode answer = MAPPER.readTree(response.body());
    // 4: llama.cpp's own server for this prompt.
    assertThat(answer.path("usage").toString())
        .isEqualTo("{\"prompt_tokens\":4,\"completion_tokens\":3,\"total_tokens\":7}");
    assertThat(answer.at("/choices/0/text").asText()).isNotEmpty();
  }

  @Test
  void fourStreams_atOnce_eachGetsATokenBeforeAnyEnds() throws Exception {
    List<Long> firsts = new ArrayList<>();
    List<Long> ends = new ArrayList<>();
    CyclicBarrier barrier = new CyclicBarrier(4);
    ExecutorService users = Executors.newFixedThreadPool(4);
    try {
      Callable<long[]> user =
          () -> {
            String body = "{" + HELLO + ",\"stream\":true,\"max_tokens\":300,\"ignore_eos\":true}";
            barrier.await();
            HttpResponse<InputStream> response =
                CLIENT.send(post("/v1/chat/completions", body), BodyHandlers.ofInputStream());
            try (InputStream in = response.body()) {
              in.readNBytes(400);
              long first = System.nanoTime();
              in.readAllBytes();
              return new long[] {first, System.nanoTime()};
            }
          };
      for (Future<long[]> done : users.invokeAll(List.of(user, user, user, user))) {
        firsts.add(done.get()[0]);
        ends.add(done.get()[1]);
      }
    } finally {
      users.shutdownNow();
    }

    long firstEnd = ends.stream().mapToLong(Long::longValue).min().orElseThrow();
    assertThat(firsts).allMatch(first -> first < firstEnd);
  }

  @Test
  void queue_full_is429AndHealthStillAnswers() throws Exception {
    String body = "{" + HELLO + ",\"stream\":true,\"max_tokens\":2000,\"ignore_eos\":true}";
    List<InputStream> held = new ArrayList<>();
    List<CompletableFuture<HttpResponse<InputStream>>> waiting = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      held.add(
          CLIENT.send(post("/v1/chat/completions", body), BodyHandlers.ofInputStream()).body());
    }
    for (int i = 0; i < 2; i++) {
      waiting.add(
          CLIENT.sendAsync(post("/v1/chat/completions", body), BodyHandlers.ofInputStream()));
    }
    awaitHealth("requests_waiting", 2);

    HttpResponse<String> refused = send("/v1/chat/completions", body);

    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.headers().firstValue("retry-after")).hasValue("1");
    assertThat(MAPPER.readTree(refused.body()).at("/error/code").asText()).isEqualTo("queue_full");
    assertThat(MAPPER.readTree(get("/health").body()).toString())
        .isEqualTo(
            "{\"status\":\"ok\",\"slots_idle\":0,\"slots_processing\":4,\"requests_waiting\":2}");

    waiting.forEach(future -> future.cancel(true));
    awaitHealth("requests_waiting", 0);
    for (InputStream stream : held) {
      stream.close();
    }
    // Each answer had most of its 2,000 tokens to go: only the cut can have freed the slots.
    awaitHealth("slots_idle", 4);
  }

  /** Asks until the server says so; the class's timeout is the limit. */
  private static void awaitHealth(String field, int expected) throws Exception {
    JsonNode health;
    do {
      health = MAPPER.readTree(get("/health").body());
    } while (health.path(field).asInt(-1) != expected);
  }
}
