package llmload.telemetry.server;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import llmload.model.TelemetryId;
import llmload.telemetry.ExpositionSource;
import llmload.telemetry.Reading;
import llmload.telemetry.exposition.Exposition;

/**
 * Makes one reading of a server's page: which server it is follows from how its metrics are named.
 *
 * <p>Labels: {@code url}, {@code engine} (embedded llama, embedded simulated, vllm, sglang, tgi,
 * tensorrt-llm, triton, llama.cpp, lmdeploy), {@code model} where it is told, and {@code
 * kvCapacity=estimate} where the tokens of the cache had to be made of its blocks. Names and their
 * history: each server's documentation of its metrics.
 */
public final class ServerReader implements ExpositionSource.Reader {
  /** The source of these readings. */
  public static final String SOURCE = "server";

  private record Engine(String id, String prefix, Rules rules) {}

  /** The embedded server speaks vLLM's names, and says which engine it is. */
  private static final String EMBEDDED = "llmload:engine_info";

  /** In the order in which they are tried: a Triton may also tell TensorRT-LLM's own names. */
  private static final List<Engine> ENGINES =
      List.of(
          new Engine("vllm", "vllm:", VllmRules.vllm()),
          new Engine("sglang", "sglang:", OtherRules.sglang()),
          new Engine("llama.cpp", "llamacpp:", OtherRules.llamaCpp()),
          new Engine("tgi", "tgi_", OtherRules.tgi()),
          new Engine("tensorrt-llm", "trtllm_", OtherRules.tensorRt()),
          new Engine("triton", "nv_", OtherRules.triton()),
          new Engine("lmdeploy", "lmdeploy:", VllmRules.lmdeploy()));

  private static final Rules PROCESS =
      Rules.all()
          .rule(TelemetryId.PROCESS_START_SECONDS, page -> page.max("process_start_time_seconds"))
          .sum(TelemetryId.PROCESS_RSS_BYTES, "process_resident_memory_bytes");

  private final String url;

  /**
   * A reader of one server's pages.
   *
   * @param url what the label {@code url} says
   */
  public ServerReader(String url) {
    this.url = url;
  }

  @Override
  public List<Reading> read(Exposition exposition) {
    ServerPage page = new ServerPage(exposition);
    for (Engine engine : ENGINES) {
      if (page.hasPrefix(engine.prefix())) {
        Reading reading = new Reading(SOURCE, labels(engine, page));
        engine.rules().apply(page, reading);
        if (!reading.isEmpty()) {
          PROCESS.apply(page, reading);
          return List.of(reading);
        }
      }
    }
    return List.of();
  }

  private Map<String, String> labels(Engine engine, ServerPage page) {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put("url", url);
    String embedded = page.label(EMBEDDED, "name").orElse(null);
    labels.put("engine", embedded == null ? engine.id() : "embedded " + embedded);
    page.label(engine.prefix(), "model_name").ifPresent(model -> labels.put("model", model));
    if (engine.id().equals("vllm") && VllmRules.isCapacityEstimated(page)) {
      labels.put("kvCapacity", "estimate");
    }
    return labels;
  }
}
