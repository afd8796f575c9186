package llmload.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The calls of a session's cache beside those that the recorded servers answered. */
class CacheDialectsTest {
  private static final CacheDialect SLOTS = CacheDialects.of("llama.cpp");
  private static final CacheDialect AGENTS = CacheDialects.of("agent-memory");
  private static final CacheDialect PREFIX = CacheDialects.of("prefix");

  private static ServerCall call(CacheDialect dialect, CacheOperation operation, String session) {
    return dialect.call(operation, session).orElseThrow();
  }

  private static List<String> fields(String json) throws Exception {
    List<String> names = new ArrayList<>();
    new ObjectMapper().readTree(json).fieldNames().forEachRemaining(names::add);
    return names;
  }

  @Test
  void slotSaveAndRestore_askAsTheRecordedRequestsDo_andForTheSameFile() throws Exception {
    // Recorded: POST /slots/1?action=save {"filename":"s1.bin"}, and the same with restore.
    ServerCall save = call(SLOTS, CacheOperation.SAVE, "1");
    ServerCall restore = call(SLOTS, CacheOperation.LOAD, "1");

    assertThat(save.method()).isEqualTo("POST");
    assertThat(save.path()).isEqualTo("/slots/1?action=save");
    assertThat(fields(String.valueOf(save.body()))).containsExactly("filename");
    assertThat(restore.method()).isEqualTo("POST");
    assertThat(restore.path()).isEqualTo("/slots/1?action=restore");
    assertThat(restore.body()).isEqualTo(save.body());
    // Slots of one server are files of one folder.
    assertThat(call(SLOTS, CacheOperation.SAVE, "2").body()).isNotEqualTo(save.body());
  }

  @Test
  void slotErase_isTheRecordedRequest_forUnloadDeleteAndProbe() {
    // Recorded: POST /slots/1?action=erase, without a body.
    ServerCall erase = new ServerCall("POST", "/slots/1?action=erase", null);

    assertThat(call(SLOTS, CacheOperation.UNLOAD, "1")).isEqualTo(erase);
    assertThat(call(SLOTS, CacheOperation.DELETE, "1")).isEqualTo(erase);
    assertThat(SLOTS.probe("1")).contains(erase);
    assertThat(SLOTS.call(CacheOperation.MEMORY, "1")).isEmpty();
    assertThat(SLOTS.savesItself()).isFalse();
  }

  @Test
  void slotOfAGeneration_isNamedInItsBody_ifItIsANumber() throws Exception {
    assertThat(new ObjectMapper().readTree(SLOTS.sessionBody("1").orElseThrow()))
        .isEqualTo(new ObjectMapper().readTree("{\"id_slot\":1,\"cache_prompt\":true}"));
    assertThat(SLOTS.sessionBody("one")).isEmpty();
    assertThat(SLOTS.sessionHeader()).isEmpty();
  }

  @Test
  void agentMemory_namesTheAgentOfASession_andHasNoCallThatSaves() {
    assertThat(call(AGENTS, CacheOperation.LOAD, "ann"))
        .isEqualTo(new ServerCall("GET", "/v1/agents/oai_ann", null));
    assertThat(call(AGENTS, CacheOperation.UNLOAD, "ann"))
        .isEqualTo(new ServerCall("DELETE", "/v1/agents/oai_ann?evict_only=true", null));
    assertThat(call(AGENTS, CacheOperation.DELETE, "ann"))
        .isEqualTo(new ServerCall("DELETE", "/v1/agents/oai_ann", null));
    assertThat(AGENTS.call(CacheOperation.SAVE, "ann")).isEmpty();
    assertThat(AGENTS.probe("ann")).contains(new ServerCall("GET", "/v1/agents/list", null));
    assertThat(AGENTS.sessionHeader()).contains("X-Session-ID");
  }

  @Test
  void prefix_asksNothingButPrompts() {
    assertThat(PREFIX.probe("x")).isEmpty();
    assertThat(PREFIX.canForget()).isFalse();
    for (CacheOperation operation : CacheOperation.values()) {
      assertThat(PREFIX.call(operation, "x")).isEmpty();
    }
  }

  @Test
  void modelList_tellsTheContext_whereverTheServerPutsIt() {
    // The recorded one has "n_ctx":2048 under meta.
    assertThat(
            ModelList.contexts(
                new String(
                    RecordedStreamSource.read("llamacpp-models.json"), StandardCharsets.UTF_8)))
        .containsExactlyEntriesOf(Map.of("tiny-kjv", 2_048));
    assertThat(
            ModelList.contexts(
                "{\"data\":[{\"id\":\"a\",\"max_model_len\":100},{\"id\":\"b\"},"
                    + "{\"id\":\"c\",\"spec\":{\"max_context_length\":7}}]}"))
        .containsOnly(Map.entry("a", 100), Map.entry("c", 7));
    assertThat(ModelList.contexts("<html>")).isEmpty();
  }
}
