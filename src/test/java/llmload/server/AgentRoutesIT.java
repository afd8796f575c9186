package llmload.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The routes of agent-memory on the simulated engine: fields, tiers and statuses as over there. */
class AgentRoutesIT extends SimulatedServerContract {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final int KV_BYTES = 1_024;

  private String baseUrl = "";

  @BeforeEach
  void start() {
    baseUrl =
        serve(
            null,
            "prefillTokensPerSecond",
            "100000",
            "kvBytesPerToken",
            "1024",
            "hotSessions",
            "2",
            "sessionBlockTokens",
            "16");
  }

  private HttpResponse<String> send(String method, String path, String body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(baseUrl + path))
            .method(method, BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return CLIENT.send(request.build(), BodyHandlers.ofString());
  }

  private JsonNode ok(String method, String path) throws IOException, InterruptedException {
    HttpResponse<String> response = send(method, path, "");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return MAPPER.readTree(response.body());
  }

  private int statusOf(String method, String path) throws IOException, InterruptedException {
    return send(method, path, "").statusCode();
  }

  /** Tokens of prompt and answer, which are what the cache holds. */
  private int generate(String session) throws IOException, InterruptedException {
    HttpResponse<String> response =
        send(
            "POST",
            "/v1/chat/completions",
            chatBody("Remember the words of " + session + ".", "\"max_tokens\":4"),
            "X-Session-ID",
            session);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return MAPPER.readTree(response.body()).at("/usage/total_tokens").asInt();
  }

  private static List<String> names(JsonNode node) {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private JsonNode listed(String id) throws IOException, InterruptedException {
    for (JsonNode agent : ok("GET", "/v1/agents/list").path("agents")) {
      if (agent.path("agent_id").asText().equals(id)) {
        return agent;
      }
    }
    throw new AssertionError(id + ": Expecting it in the list. Found: it is not.");
  }

  @Test
  void session_goesFromHotToWarmAndBack_andIsForgotten() throws Exception {
    assertThat(statusOf("GET", "/v1/agents/oai_ann")).isEqualTo(404);
    int tokens = generate("ann");

    JsonNode hot = listed("oai_ann");
    assertThat(names(hot))
        .containsExactly(
            "agent_id",
            "tier",
            "tokens",
            "last_accessed",
            "access_count",
            "dirty",
            "model_id",
            "file_size_bytes");
    assertThat(hot.path("tier").asText()).isEqualTo("hot");
    assertThat(hot.path("tokens").asInt()).isEqualTo(tokens);
    assertThat(hot.path("dirty").asBoolean()).isFalse();
    // A head of 8 bytes, 4 for each token, and its cache.
    assertThat(hot.path("file_size_bytes").asLong()).isEqualTo(8 + (long) tokens * (4 + KV_BYTES));

    assertThat(statusOf("DELETE", "/v1/agents/oai_ann?evict_only=true")).isEqualTo(204);
    assertThat(listed("oai_ann").path("tier").asText()).isEqualTo("warm");
    assertThat(ok("GET", "/debug/memory").path("pool_used_blocks").asInt()).isZero();
    JsonNode loaded = ok("GET", "/v1/agents/oai_ann");
    assertThat(names(loaded)).containsExactly("agent_id", "status", "cache_size_tokens");
    assertThat(loaded.path("cache_size_tokens").asInt()).isEqualTo(tokens);
    assertThat(listed("oai_ann").path("tier").asText()).isEqualTo("hot");

    assertThat(statusOf("DELETE", "/v1/agents/oai_ann")).isEqualTo(204);
    assertThat(statusOf("GET", "/v1/agents/oai_ann")).isEqualTo(404);
    assertThat(statusOf("DELETE", "/v1/agents/oai_ann")).isEqualTo(404);
  }

  @Test
  void thirdSession_leavesTheLeastRecentlyUsedToItsFile() throws Exception {
    int ann = generate("ann");
    generate("bob");
    assertThat(ok("GET", "/v1/agents/oai_ann").path("cache_size_tokens").asInt()).isEqualTo(ann);
    int cid = generate("cid");

    assertThat(listed("oai_bob").path("tier").asText()).isEqualTo("warm");
    JsonNode stats = ok("GET", "/v1/agents/stats");
    assertThat(names(stats))
        .containsExactly(
            "hot_count",
            "warm_count",
            "total_count",
            "dirty_count",
            "pool_utilization_pct",
            "total_cache_size_mb");
    assertThat(stats.path("hot_count").asInt()).isEqualTo(2);
    assertThat(stats.path("warm_count").asInt()).isEqualTo(1);
    // Two caches in blocks of 16 tokens.
    int blocks = (ann + 15) / 16 + (cid + 15) / 16;
    JsonNode memory = ok("GET", "/debug/memory");
    assertThat(names(memory))
        .containsExactly(
            "active_memory_mb",
            "peak_memory_mb",
            "cache_memory_mb",
            "pool_used_blocks",
            "pool_total_blocks");
    assertThat(memory.path("pool_used_blocks").asInt()).isEqualTo(blocks);
    assertThat(memory.path("active_memory_mb").asDouble())
        .isEqualTo(blocks * 16.0 * KV_BYTES / (1 << 20));
  }

  @Test
  void create_storesNothing_andRefusesWhatThereIs() throws Exception {
    HttpResponse<String> created = send("POST", "/v1/agents", "{\"agent_id\":\"oai_ann\"}");
    assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
    JsonNode body = MAPPER.readTree(created.body());
    assertThat(names(body)).containsExactly("agent_id", "status", "cache_size_tokens");
    assertThat(body.path("cache_size_tokens").asInt()).isZero();
    assertThat(statusOf("GET", "/v1/agents/oai_ann")).isEqualTo(404);
    generate("ann");
    assertThat(send("POST", "/v1/agents", "{\"agent_id\":\"oai_ann\"}").statusCode())
        .isEqualTo(409);
    assertThat(MAPPER.readTree(send("POST", "/v1/agents", "{}").body()).path("agent_id").asText())
        .matches("agent_[0-9a-f]{16}");
    assertThat(send("POST", "/v1/agents", "{\"agent_id\":\"../x\"}").statusCode()).isEqualTo(400);
    assertThat(statusOf("GET", "/v1/agents")).isEqualTo(405);
  }

  @Test
  void requestWithoutASession_leavesNone_andABodysNameIsAsGoodAsAHeaders() throws Exception {
    chat("Nobody asked.", "\"max_tokens\":2");
    assertThat(ok("GET", "/v1/agents/list").path("total").asInt()).isZero();
    chat("Dan asked.", "\"max_tokens\":2,\"session_id\":\"dan\"");
    assertThat(listed("oai_dan").path("access_count").asInt()).isPositive();
    assertThat(
            send(
                    "POST",
                    "/v1/chat/completions",
                    chatBody("Who?", "\"max_tokens\":2"),
                    "X-Session-ID",
                    "../etc")
                .statusCode())
        .isEqualTo(400);
  }
}
