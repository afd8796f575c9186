package llmload.server;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import llmload.server.engine.ChatMessage;
import llmload.server.engine.Engine;
import llmload.server.engine.EngineException;
import llmload.server.engine.EngineFigures;
import llmload.server.engine.FinishReason;
import llmload.server.engine.Generation;
import llmload.server.engine.GenerationResult;
import llmload.server.engine.GenerationSpec;
import llmload.server.engine.TokenSink;
import llmload.server.engine.TokenSink.Part;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The server over an engine that does what the test says. */
@Timeout(60)
class InferenceServerTest {
  private static final String CHAT = "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]";

  private final HttpClient client = HttpClient.newHttpClient();
  private InferenceServer server = InferenceServer.start(ServerSettings.defaults(), new Scripted());

  /** Says "one", " two", then what {@link #then} does. */
  private static class Scripted implements Engine {
    private final ExecutorService slot =
        Executors.newSingleThreadExecutor(new DefaultThreadFactory("scripted", true));

    void then() {}

    void say(TokenSink sink) {
      boolean more = sink.accept(Part.CONTENT, "one", 1) && sink.accept(Part.CONTENT, " two", 1);
      then();
      sink.ended(GenerationResult.of(more ? FinishReason.LENGTH : FinishReason.CANCELLED, 2));
    }

    @Override
    public String name() {
      return "scripted";
    }

    @Override
    public String modelName() {
      return "script";
    }

    @Override
    public int contextTokenCount() {
      return 100;
    }

    @Override
    public int[] tokenize(String text) {
      return new int[text.length()];
    }

    @Override
    public String chatPrompt(List<ChatMessage> messages) {
      return messages.get(0).content();
    }

    @Override
    public boolean knowsLeastLengths() {
      return false;
    }

    @Override
    public boolean knowsTools() {
      return false;
    }

    @Override
    public Generation submit(GenerationSpec spec, long arrivedNanos, TokenSink sink) {
      slot.execute(
          () -> {
            sink.begun();
            try {
              say(sink);
            } catch (EngineException e) {
              sink.failed(e);
            }
          });
      return () -> {};
    }

    @Override
    public EngineFigures figures() {
      return new EngineFigures(0, 0, null, null, null, null);
    }

    @Override
    public void close() {}
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void serve(ServerSettings settings, Engine engine) {
    server.close();
    server = InferenceServer.start(settings, engine);
  }

  private HttpResponse<String> chat(String fields) throws IOException, InterruptedException {
    return client.send(request(fields), BodyHandlers.ofString());
  }

  private HttpRequest request(String fields) {
    return HttpRequest.newBuilder(URI.create(server.baseUrl() + "/v1/chat/completions"))
        .POST(BodyPublishers.ofString(CHAT + fields + "}"))
        .build();
  }

  @Test
  void answer_ofTheEngine_isServed() throws Exception {
    assertThat(chat("").body())
        .contains("\"content\":\"one two\"", "\"finish_reason\":\"length\"")
        .endsWith("\"usage\":{\"prompt_tokens\":2,\"completion_tokens\":2,\"total_tokens\":4}}");
  }

  @Test
  void stop_inASecondToken_endsTheGenerationThere() throws Exception {
    assertThat(chat(",\"stop\":\"tw\"").body())
        .contains("\"content\":\"one \"", "\"finish_reason\":\"stop\"");
  }

  @Test
  void engine_failingBeforeItsFirstToken_is500() throws Exception {
    serve(
        ServerSettings.defaults(),
        new Scripted() {
          @Override
          void say(TokenSink sink) {
            throw new EngineException("engine scripted: out of order", new IOException());
          }
        });

    HttpResponse<String> response = chat(",\"stream\":true");

    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(response.body())
        .isEqualTo(
            "{\"error\":{\"message\":\"engine scripted: out of order\",\"type\":\"server_error\","
                + "\"param\":null,\"code\":\"engine_fault\"}}");
  }

  @Test
  void engine_failingInAStream_endsItWithAnErrorAndNoDone() throws Exception {
    serve(
        ServerSettings.defaults(),
        new Scripted() {
          @Override
          void then() {
            throw new EngineException("broken");
          }
        });

    HttpResponse<String> response = chat(",\"stream\":true");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body())
        .contains("\"content\":\"one\"", "data: {\"error\":{\"message\":")
        .doesNotContain("[DONE]");
    assertThat(chat(",\"stream\":true").statusCode()).isEqualTo(200);
  }

  @Test
  void model_strict_refusesOtherNamesOnly() throws Exception {
    serve(ServerSettings.defaults().withModel("mine", true), new Scripted());

    assertThat(chat(",\"model\":\"mine\"").statusCode()).isEqualTo(200);
    HttpResponse<String> refused = chat(",\"model\":\"other\"");
    assertThat(refused.statusCode()).isEqualTo(404);
    assertThat(refused.body()).contains("model_not_found", "model: Expecting mine. Found: other.");
  }

  @Test
  void prompt_asLongAsTheContext_is400() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.baseUrl() + "/v1/completions"))
            .POST(BodyPublishers.ofString("{\"prompt\":\"" + "x".repeat(100) + "\"}"))
            .build();

    assertThat(client.send(request, BodyHandlers.ofString()).body())
        .contains(
            "prompt: Expecting fewer than 100 tokens, the context. Found: 100 tokens.",
            "context_length_exceeded");
  }

  @Test
  void close_whileAnswering_letsTheAnswerEnd() throws Exception {
    CountDownLatch answering = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    serve(
        ServerSettings.defaults(),
        new Scripted() {
          @Override
          void then() {
            answering.countDown();
            try {
              assertThat(mayEnd.await(10, SECONDS)).isTrue();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
        });
    CompletableFuture<HttpResponse<String>> answer =
        client.sendAsync(request(",\"stream\":true"), BodyHandlers.ofString());
    assertThat(answering.await(10, SECONDS)).isTrue();

    Thread closing = new Thread(server::close);
    closing.start();
    server.awaitClosed();
    mayEnd.countDown();

    assertThat(answer.get(10, SECONDS).body()).endsWith("data: [DONE]\n\n");
    closing.join(10_000);
    assertThat(closing.isAlive()).isFalse();
  }

  @Test
  void close_byManyAtOnce_endsForEach() throws Exception {
    for (int round = 0; round < 40; round++) {
      serve(ServerSettings.defaults(), new Scripted());
      for (int i = 0; i < 4; i++) {
        // A client of its own each, so that as many connections stay open.
        HttpClient.newHttpClient().send(request(""), BodyHandlers.ofString());
      }
      List<Thread> closing =
          Stream.generate(() -> new Thread(server::close)).limit(3).peek(Thread::start).toList();
      for (Thread thread : closing) {
        thread.join(10_000);
        assertThat(thread.isAlive()).as("still closing in round " + round).isFalse();
      }
    }
  }

  @Test
  void tools_thatTheEngineDoesNotKnow_areRefused() throws Exception {
    HttpResponse<String> tools = chat(",\"tools\":[{\"type\":\"function\"}]");
    assertThat(tools.statusCode()).isEqualTo(400);
    assertThat(tools.body()).contains("unsupported_parameter", "tools");
  }

  @Test
  void toolChoice_withoutTools_isRefused() throws Exception {
    for (String choice : List.of("\"required\"", "{\"function\":{\"name\":\"f\"}}")) {
      HttpResponse<String> answer = chat(",\"tool_choice\":" + choice);
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body()).contains("tool_choice: Expecting tools beside it");
    }
    assertThat(chat(",\"tool_choice\":\"none\"").statusCode()).isEqualTo(200);
  }

  @Test
  void embeddings_areRefusedAsSuch() throws Exception {
    HttpResponse<String> answer = post("/v1/embeddings", "{\"input\":\"Hi\"}");

    assertThat(answer.statusCode()).isEqualTo(501);
    assertThat(answer.body()).contains("not_supported_error", "script has no embeddings");
  }

  @Test
  void tokenize_takesThePromptOfVllm_andCounts() throws Exception {
    // This engine's tokens are characters.
    assertThat(post("/tokenize", "{\"prompt\":\"Hello\"}").body())
        .contains("\"count\":5", "\"max_model_len\":100");
    assertThat(post("/tokenize", "{\"prompt\":7}").body()).contains("prompt: Expecting a text");
  }

  private HttpResponse<String> post(String path, String body)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create(server.baseUrl() + path))
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  @Test
  void metrics_afterAnAnswer_countWhatWasSent() throws Exception {
    assertThat(chat(",\"stream\":true").statusCode()).isEqualTo(200);

    HttpResponse<String> metrics =
        client.send(
            HttpRequest.newBuilder(URI.create(server.baseUrl() + "/metrics")).build(),
            BodyHandlers.ofString());

    assertThat(metrics.headers().firstValue("content-type").orElseThrow())
        .startsWith("text/plain; version=0.0.4");
    // The prompt "Hi" is two tokens here, a token a character; the answer is "one" and " two".
    assertThat(metrics.body())
        .contains(
            "vllm:prompt_tokens_total{engine=\"0\",model_name=\"script\"} 2.0\n",
            "vllm:generation_tokens_total{engine=\"0\",model_name=\"script\"} 2.0\n",
            "finished_reason=\"length\",model_name=\"script\"} 1.0\n",
            "vllm:time_to_first_token_seconds_count{engine=\"0\",model_name=\"script\"} 1\n",
            "vllm:inter_token_latency_seconds_count{engine=\"0\",model_name=\"script\"} 1\n")
        .doesNotContain("kv_cache", "prefix_cache", "preemptions", "tokens_cached", "NaN");
  }

  @Test
  void start_onATakenPort_saysWhich() {
    ServerSettings taken = ServerSettings.defaults().withPort(server.port());

    assertThatThrownBy(() -> InferenceServer.start(taken, new Scripted()))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageStartingWith(
            "port: Expecting a free port on 127.0.0.1. Found: " + server.port() + ", ");
  }
}
