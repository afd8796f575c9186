package llmload.server;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import llmload.server.agents.SessionLimits;
import llmload.server.agents.SessionStore;
import llmload.server.agents.SessionStore.View;
import llmload.server.engine.Engine;
import org.jspecify.annotations.Nullable;

/**
 * The routes of sessions: agent-memory's agents, llama.cpp's slots, and the figures of their
 * memory. An engine without sessions answers 501 to all of them.
 */
final class SessionRoutes {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String CREATE = "/v1/agents";
  private static final String AGENTS = CREATE + "/";
  private static final String MEMORY = "/debug/memory";
  private static final String SLOT_PREFIX = "slot:";
  private static final Pattern SLOT = Pattern.compile("/slots/(\\d{1,6})");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}");
  private static final String NAME_RULE = "up to 128 letters, digits, '.', '_' and '-'";
  private static final double MEBI = 1 << 20;

  private final Engine engine;

  SessionRoutes(Engine engine) {
    this.engine = engine;
  }

  /** Whether a path is one of these routes. */
  static boolean owns(String path) {
    return path.equals(CREATE)
        || path.startsWith(AGENTS)
        || path.equals(MEMORY)
        || path.startsWith("/slots/");
  }

  /** The name of the agent of a session of the OpenAI routes. */
  static String agentId(String session) {
    if (!NAME.matcher(session).matches()) {
      throw ApiException.invalid("session_id", NAME_RULE, session);
    }
    return "oai_" + session;
  }

  /** The name of a slot's session. */
  static String slotId(int slot) {
    return SLOT_PREFIX + slot;
  }

  /** Whether a session is a slot. */
  static boolean isSlot(String id) {
    return id.startsWith(SLOT_PREFIX);
  }

  /**
   * The cache of the session that a request is of; {@code null} if it is of none, or the engine has
   * no sessions and passes over the name.
   *
   * @throws ApiException if the session could grow beyond what its file may hold
   */
  @Nullable SessionCache of(
      GenerationRequest request, Exchange exchange, String prompt, int maxTokenCount) {
    SessionStore store = engine.sessions();
    String header = exchange.head().sessionId();
    String id = header == null ? request.session() : agentId(header);
    if (store == null || id == null) {
      return null;
    }
    long most =
        Math.min((long) engine.tokenize(prompt).length + maxTokenCount, engine.contextTokenCount());
    if (most > store.limits().maxTokenCount()) {
      throw ApiException.invalid(
          "session",
          "at most %d tokens, which make a file of %d bytes"
              .formatted(store.limits().maxTokenCount(), store.limits().maxFileBytes()),
          most + " tokens");
    }
    return new SessionCache(engine, store, id, prompt);
  }

  /** Adds the size of the cache to the model's description, as agent-memory does. */
  void describe(ObjectNode model) {
    SessionStore store = engine.sessions();
    if (store != null) {
      // One layer with one head whose keys and values are of 16 bits: 4 bytes a dimension.
      model
          .putObject("spec")
          .put("n_layers", 1)
          .put("n_kv_heads", 1)
          .put("head_dim", store.limits().kvBytesPerToken() / 4)
          .put("block_tokens", store.limits().blockTokens())
          .put("kv_bits", 16)
          .put("max_context_length", engine.contextTokenCount());
    }
  }

  /** Answers one request, now or once a file is read or written. */
  void handle(String method, String path, byte[] body, Exchange exchange) {
    SessionStore store = engine.sessions();
    if (store == null) {
      exchange.error(
          new ApiException(
              501,
              "not_supported_error",
              null,
              "not_supported",
              path
                  + ": Expecting an engine with sessions. Found: "
                  + engine.name()
                  + ". The engine simulated has them."));
      return;
    }
    Matcher slot = SLOT.matcher(path);
    if (path.equals(MEMORY)) {
      only("GET", method, exchange, store, (s, e) -> memory(s));
    } else if (path.equals(CREATE)) {
      only("POST", method, exchange, store, (s, e) -> create(s, body));
    } else if (slot.matches()) {
      int number = Integer.parseInt(slot.group(1));
      only("POST", method, exchange, store, (s, e) -> slot(s, number, body, e));
    } else if (method.equals("DELETE")) {
      only("DELETE", method, exchange, store, (s, e) -> delete(s, name(path), e));
    } else {
      only("GET", method, exchange, store, (s, e) -> agent(s, name(path)));
    }
  }

  /**
   * What a route answers.
   *
   * @param body {@code null} for none
   */
  private record Reply(int status, @Nullable ObjectNode body) {
    static Reply ok(ObjectNode body) {
      return new Reply(200, body);
    }
  }

  private static void only(
      String allowed,
      String method,
      Exchange exchange,
      SessionStore store,
      BiFunction<SessionStore, Exchange, Reply> route) {
    if (!method.equals(allowed)) {
      exchange.wrongMethod(method, allowed);
      return;
    }
    try {
      store.worker().execute(() -> answer(exchange, store, route));
    } catch (RejectedExecutionException e) {
      exchange.error(ApiException.closing());
    }
  }

  private static void answer(
      Exchange exchange, SessionStore store, BiFunction<SessionStore, Exchange, Reply> route) {
    try {
      Reply reply = route.apply(store, exchange);
      ObjectNode body = reply.body();
      if (body == null) {
        exchange.empty();
      } else {
        exchange.json(reply.status(), body);
      }
    } catch (ApiException e) {
      exchange.error(e);
    } catch (UncheckedIOException e) {
      exchange.error(ApiException.engineFault("session: Its file failed: " + e.getMessage()));
    } catch (RuntimeException e) {
      // Whatever it is, the client must not wait for ever.
      exchange.error(ApiException.engineFault(String.valueOf(e)));
    }
  }

  private static String name(String path) {
    return path.substring(AGENTS.length());
  }

  private Reply agent(SessionStore store, String name) {
    if (name.equals("list")) {
      return Reply.ok(list(store));
    }
    if (name.equals("stats")) {
      return Reply.ok(stats(store));
    }
    int[] tokens = store.load(name).orElseThrow(() -> unknown(name));
    return Reply.ok(described(name, tokens.length));
  }

  private static ObjectNode described(String name, int tokenCount) {
    return MAPPER
        .createObjectNode()
        .put("agent_id", name)
        .put("status", "active")
        .put("cache_size_tokens", tokenCount);
  }

  /** Stores nothing, as over there: the agent is known once it has generated. */
  private static Reply create(SessionStore store, byte[] body) {
    String asked = new JsonFields(GenerationRequestParser.readObject(body)).string("agent_id");
    String name = asked == null ? "agent_" + randomHex() : asked;
    if (!NAME.matcher(name).matches()) {
      throw ApiException.invalid("agent_id", NAME_RULE, name);
    }
    if (store.list().stream().anyMatch(view -> view.id().equals(name))) {
      throw new ApiException(
          409,
          "conflict_error",
          "agent_id",
          "exists",
          "agent_id: Expecting one that does not exist. Found: " + name + ".");
    }
    return new Reply(201, described(name, 0));
  }

  private static String randomHex() {
    return String.format(Locale.ROOT, "%016x", UUID.randomUUID().getLeastSignificantBits());
  }

  private static Reply delete(SessionStore store, String name, Exchange exchange) {
    boolean evictOnly = exchange.head().query().equals("evict_only=true");
    if (!(evictOnly ? store.evict(name) : store.delete(name))) {
      throw unknown(name);
    }
    return new Reply(204, null);
  }

  private static ApiException unknown(String name) {
    return new ApiException(
        404,
        "not_found_error",
        null,
        "not_found",
        "agent: Expecting one that has generated. Found: " + name + ".");
  }

  private ObjectNode list(SessionStore store) {
    ObjectNode body = MAPPER.createObjectNode();
    ArrayNode agents = body.putArray("agents");
    for (View view : agents(store)) {
      agents
          .addObject()
          .put("agent_id", view.id())
          .put("tier", view.tier().name().toLowerCase(Locale.ROOT))
          .put("tokens", view.tokenCount())
          .put("last_accessed", view.lastAccessedSeconds())
          .put("access_count", view.accessCount())
          .put("dirty", view.dirty())
          .put("model_id", engine.modelName())
          .put("file_size_bytes", view.fileBytes());
    }
    return body.put("total", agents.size());
  }

  private ObjectNode stats(SessionStore store) {
    List<View> agents = agents(store);
    long hot = agents.stream().filter(view -> view.tier() == SessionStore.Tier.HOT).count();
    return MAPPER
        .createObjectNode()
        .put("hot_count", hot)
        .put("warm_count", agents.size() - hot)
        .put("total_count", agents.size())
        .put("dirty_count", agents.stream().filter(View::dirty).count())
        .put("pool_utilization_pct", 100.0 * store.usedBlockCount() / poolBlocks(store))
        .put("total_cache_size_mb", store.usedBlockCount() * blockBytes(store) / MEBI);
  }

  private static List<View> agents(SessionStore store) {
    return store.list().stream().filter(view -> !isSlot(view.id())).toList();
  }

  /** What the blocks of hot sessions come to; the engine has no weights. */
  private Reply memory(SessionStore store) {
    double blockBytes = blockBytes(store);
    double used = store.usedBlockCount() * blockBytes / MEBI;
    return Reply.ok(
        MAPPER
            .createObjectNode()
            .put("active_memory_mb", used)
            .put("peak_memory_mb", store.peakBlockCount() * blockBytes / MEBI)
            .put("cache_memory_mb", used)
            .put("pool_used_blocks", store.usedBlockCount())
            .put("pool_total_blocks", poolBlocks(store)));
  }

  private static double blockBytes(SessionStore store) {
    SessionLimits limits = store.limits();
    return (double) limits.kvBytesPerToken() * limits.blockTokens();
  }

  /** Room for as many whole contexts as may be in memory. */
  private long poolBlocks(SessionStore store) {
    SessionLimits limits = store.limits();
    int block = limits.blockTokens();
    return limits.hotCount() * ((engine.contextTokenCount() + block - 1L) / block);
  }

  private static Reply slot(SessionStore store, int slot, byte[] body, Exchange exchange) {
    String id = slotId(slot);
    ObjectNode answer = MAPPER.createObjectNode().put("id_slot", slot);
    long begun = System.nanoTime();
    switch (exchange.head().query()) {
      case "action=erase" -> {
        int erased = store.load(id).map(tokens -> tokens.length).orElse(0);
        store.delete(id);
        answer.put("n_erased", erased);
      }
      case "action=save" -> {
        String file = fileName(body);
        long[] saved = store.export(id, file).orElse(new long[] {0, 0});
        answer.put("filename", file).put("n_saved", saved[0]).put("n_written", saved[1]);
        answer.putObject("timings").put("save_ms", millisSince(begun));
      }
      case "action=restore" -> {
        String file = fileName(body);
        long[] restored =
            store
                .restore(id, file)
                .orElseThrow(() -> ApiException.invalid("filename", "a file saved before", file));
        answer.put("filename", file).put("n_restored", restored[0]).put("n_read", restored[1]);
        answer.putObject("timings").put("restore_ms", millisSince(begun));
      }
      default ->
          throw ApiException.invalid("action", "save, restore or erase", exchange.head().query());
    }
    return Reply.ok(answer);
  }

  private static String fileName(byte[] body) {
    String file = new JsonFields(GenerationRequestParser.readObject(body)).string("filename");
    if (file == null || !NAME.matcher(file).matches()) {
      throw ApiException.invalid(
          "filename", "letters, digits, '.', '_' and '-'", String.valueOf(file));
    }
    return file;
  }

  private static double millisSince(long nanos) {
    return (System.nanoTime() - nanos) / 1e6;
  }
}
