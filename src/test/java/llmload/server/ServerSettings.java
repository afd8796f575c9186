package llmload.server;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import llmload.config.ConfigException;
import llmload.server.retrieval.IndexSettings;
import org.jspecify.annotations.Nullable;

/**
 * How the embedded server is set up.
 *
 * @param host the address to listen on; loopback unless asked otherwise
 * @param port the port, 0 for a free one
 * @param slotCount requests generated at once
 * @param queueLimitCount requests that may wait for a slot; one more is answered 429
 * @param contextTokenCount tokens a slot holds, prompt and answer together
 * @param threadCount the engine's own threads
 * @param modelName the name to serve the model under; {@code null} for the engine's own
 * @param strictModel whether a request for another model name is refused
 * @param defaultMaxTokenCount the limit of an answer whose request names none
 * @param maxBodyBytes the largest request body
 * @param indexes the vector indexes to serve beside the model
 * @param apiKey the key that each request of llm-server's routes must carry; {@code null} for none
 */
public record ServerSettings(
    String host,
    int port,
    int slotCount,
    int queueLimitCount,
    int contextTokenCount,
    int threadCount,
    @Nullable String modelName,
    boolean strictModel,
    int defaultMaxTokenCount,
    int maxBodyBytes,
    IndexSettings indexes,
    @Nullable String apiKey) {

  /** Checks every value and reports all problems together. */
  public ServerSettings {
    List<String> problems = new ArrayList<>();
    if (!isAddress(host)) {
      problems.add("host: Expecting an address of this machine. Found: " + host + ".");
    }
    if (port < 0 || port > 65_535) {
      problems.add("port: Expecting 0 to 65535. Found: " + port + ".");
    }
    require(problems, "slots", slotCount, 1);
    require(problems, "queue", queueLimitCount, 0);
    require(problems, "context", contextTokenCount, 16);
    require(problems, "threads", threadCount, 1);
    require(problems, "maxTokens", defaultMaxTokenCount, 1);
    require(problems, "maxBodyBytes", maxBodyBytes, 1);
    if (modelName != null && modelName.isBlank()) {
      problems.add("model: Expecting a name. Found: an empty one.");
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }

  /** Loopback, a free port, 4 slots of 2,048 tokens, one engine thread, no index. */
  public static ServerSettings defaults() {
    return new ServerSettings(
        "127.0.0.1",
        0,
        4,
        256,
        2_048,
        1,
        null,
        false,
        256,
        8 * 1024 * 1024,
        IndexSettings.NONE,
        null);
  }

  /** The same on another address. */
  public ServerSettings withHost(String value) {
    return new ServerSettings(
        value,
        port,
        slotCount,
        queueLimitCount,
        contextTokenCount,
        threadCount,
        modelName,
        strictModel,
        defaultMaxTokenCount,
        maxBodyBytes,
        indexes,
        apiKey);
  }

  /** The same on another port. */
  public ServerSettings withPort(int value) {
    return new ServerSettings(
        host,
        value,
        slotCount,
        queueLimitCount,
        contextTokenCount,
        threadCount,
        modelName,
        strictModel,
        defaultMaxTokenCount,
        maxBodyBytes,
        indexes,
        apiKey);
  }

  /** The same with other limits of what is served at once and of what may wait. */
  public ServerSettings withSlots(int slots, int queueLimit) {
    return new ServerSettings(
        host,
        port,
        slots,
        queueLimit,
        contextTokenCount,
        threadCount,
        modelName,
        strictModel,
        defaultMaxTokenCount,
        maxBodyBytes,
        indexes,
        apiKey);
  }

  /** The same under another model name. */
  public ServerSettings withModel(String name, boolean strict) {
    return new ServerSettings(
        host,
        port,
        slotCount,
        queueLimitCount,
        contextTokenCount,
        threadCount,
        name,
        strict,
        defaultMaxTokenCount,
        maxBodyBytes,
        indexes,
        apiKey);
  }

  /** The same with another limit of the request body. */
  public ServerSettings withMaxBodyBytes(int value) {
    return new ServerSettings(
        host,
        port,
        slotCount,
        queueLimitCount,
        contextTokenCount,
        threadCount,
        modelName,
        strictModel,
        defaultMaxTokenCount,
        value,
        indexes,
        apiKey);
  }

  /** The same with vector indexes. */
  public ServerSettings withIndexes(IndexSettings value) {
    return new ServerSettings(
        host,
        port,
        slotCount,
        queueLimitCount,
        contextTokenCount,
        threadCount,
        modelName,
        strictModel,
        defaultMaxTokenCount,
        maxBodyBytes,
        value,
        apiKey);
  }

  /** The same with a key that each request of llm-server's routes must carry. */
  public ServerSettings withApiKey(@Nullable String value) {
    return new ServerSettings(
        host,
        port,
        slotCount,
        queueLimitCount,
        contextTokenCount,
        threadCount,
        modelName,
        strictModel,
        defaultMaxTokenCount,
        maxBodyBytes,
        indexes,
        value);
  }

  /** Hides the key. */
  @Override
  public String toString() {
    return "ServerSettings[host=%s, port=%d, slots=%d]".formatted(host, port, slotCount);
  }

  private static void require(List<String> problems, String key, int value, int least) {
    if (value < least) {
      problems.add(key + ": Expecting " + least + " or more. Found: " + value + ".");
    }
  }

  private static boolean isAddress(String host) {
    try {
      return !host.isBlank() && InetAddress.getByName(host) != null;
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
