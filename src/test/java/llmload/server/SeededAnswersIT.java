package llmload.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Answers that must repeat, of an engine with one slot.
 *
 * <p>llama.cpp's slots share one cache. What the others left in it decides where a sequence's cells
 * lie, their places decide the order of the sums, and where two tokens are equally likely the last
 * bit decides the text. With one slot every sequence has the same places.
 */
class SeededAnswersIT extends LlamaServerContract {
  @Override
  int slotCount() {
    return 1;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\"seed\":5,\"temperature\":0", "\"seed\":5", "\"seed\":5,\"temperature\":1.2"})
  void sameSeed_streamedOrNot_sameText(String sampling) throws Exception {
    String fields = sampling + ",\"max_tokens\":60";
    String whole = text(fields);
    String body = "{" + HELLO + "," + fields + ",\"stream\":true}";

    String streamed = streamedText(events(send("/v1/chat/completions", body).body()));

    assertThat(streamed).isNotEmpty().isEqualTo(whole);
  }

  @RepeatedTest(3)
  void sameSeed_afterOtherAnswers_sameText() throws Exception {
    String fields = "\"seed\":5,\"temperature\":0,\"max_tokens\":60";
    String first = text(fields);
    for (int tokenCount : new int[] {3, 40, 150}) {
      text("\"max_tokens\":" + tokenCount);
    }

    assertThat(text(fields)).isEqualTo(first);
  }

  @Test
  void stop_inTheText_cutsBeforeIt() throws Exception {
    String fields = "\"seed\":7,\"temperature\":0,\"max_tokens\":60";
    String whole = text(fields);
    String stop = whole.substring(20, 26);

    JsonNode answer = chat(fields + ",\"stop\":" + MAPPER.writeValueAsString(stop));

    assertThat(answer.at("/choices/0/message/content").asText())
        .isEqualTo(whole.substring(0, whole.indexOf(stop)));
    assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
    assertThat(answer.at("/usage/completion_tokens").asInt()).isLessThan(60);
  }

  private static String text(String fields) throws Exception {
    return chat(fields).at("/choices/0/message/content").asText();
  }
}
