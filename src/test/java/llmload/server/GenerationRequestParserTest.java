package llmload.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import llmload.server.GenerationRequest.Kind;
import llmload.server.engine.ChatMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GenerationRequestParserTest {
  private static final String MESSAGES = "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]";

  private static GenerationRequest chat(String fields) {
    String body = "{" + MESSAGES + (fields.isEmpty() ? "" : "," + fields) + "}";
    return GenerationRequestParser.parse(Kind.CHAT, body.getBytes(UTF_8));
  }

  private static GenerationRequest raw(Kind kind, String body) {
    return GenerationRequestParser.parse(kind, body.getBytes(UTF_8));
  }

  @Test
  void chat_everyField_isRead() {
    GenerationRequest request =
        chat(
            """
            "model":"m","stream":true,"max_tokens":7,"seed":5,"temperature":0.5,"top_p":0.9,
            "top_k":3,"presence_penalty":1,"frequency_penalty":-1,"stop":["a","b"],
            "ignore_eos":true,
            "stream_options":{"include_usage":true,"continuous_usage_stats":true}
            """);

    assertThat(request.messages()).containsExactly(new ChatMessage("user", "Hi"));
    assertThat(request.model()).isEqualTo("m");
    assertThat(request.maxTokenCount()).isEqualTo(7);
    assertThat(request.sampling().seed()).isEqualTo(5);
    assertThat(request.sampling().temperature()).isEqualTo(0.5);
    assertThat(request.sampling().topP()).isEqualTo(0.9);
    assertThat(request.sampling().topK()).isEqualTo(3);
    assertThat(request.sampling().presencePenalty()).isEqualTo(1);
    assertThat(request.sampling().frequencyPenalty()).isEqualTo(-1);
    assertThat(request.stops()).containsExactly("a", "b");
    assertThat(request.ignoreEos()).isTrue();
    assertThat(request.streaming()).isEqualTo(new GenerationRequest.Streaming(true, true, true));
  }

  @Test
  void chat_onlyMessages_leavesTheRestAbsent() {
    GenerationRequest request = chat("\"stop\":null,\"max_tokens\":null,\"stream\":null");

    assertThat(request.maxTokenCount()).isNull();
    assertThat(request.sampling().seed()).isNull();
    assertThat(request.stops()).isEmpty();
    assertThat(request.streaming()).isEqualTo(new GenerationRequest.Streaming(false, false, false));
  }

  @Test
  void maxCompletionTokens_besideMaxTokens_goesFirst() {
    assertThat(chat("\"max_tokens\":3,\"max_completion_tokens\":9").maxTokenCount()).isEqualTo(9);
  }

  @Test
  void content_ofTextParts_isJoined() {
    GenerationRequest request =
        raw(
            Kind.CHAT,
            """
            {"messages":[{"role":"user","content":[
              {"type":"text","text":"a"},{"type":"text","text":"b"}]}]}
            """);

    assertThat(request.messages()).containsExactly(new ChatMessage("user", "ab"));
  }

  @Test
  void prompt_asAListOfOne_isThatOne() {
    assertThat(raw(Kind.COMPLETION, "{\"prompt\":[\"Once\"]}").prompt()).isEqualTo("Once");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"max_tokens\":0 | max_tokens: Expecting a whole number of 1 or more. Found: 0.",
        "\"max_tokens\":1.5 | max_tokens: Expecting a whole number of 1 or more. Found: 1.5.",
        "\"max_tokens\":\"9\" | max_tokens: Expecting a whole number of 1 or more. Found: \"9\".",
        "\"n\":2 | n: Expecting 1, one answer a request. Found: 2.",
        "\"temperature\":3 | temperature: Expecting a number from 0 to 2. Found: 3.",
        "\"top_p\":-1 | top_p: Expecting a number from 0 to 1. Found: -1.",
        "\"stream\":\"yes\" | stream: Expecting true or false. Found: \"yes\".",
        "\"stop\":[1] | stop: Expecting texts that are not empty. Found: [1].",
        "\"stop\":\"\" | stop: Expecting texts that are not empty. Found: \"\".",
        "\"seed\":0.5 | seed: Expecting a whole number. Found: 0.5.",
        "\"stream_options\":{} | stream_options: Expecting it only with stream. Found: stream not set.",
        "\"logprobs\":true | logprobs: Expecting no such field on this server. Found: one. Leave it out.",
        "\"response_format\":{\"type\":\"xml\"} | response_format.type: Expecting text, json_object or json_schema. Found: \"xml\".",
      })
  void field_thatBreaksARule_isNamedWithRuleAndValue(String field, String message) {
    assertThatThrownBy(() -> chat(field))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.status()).isEqualTo(400))
        .hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | messages: Expecting a list of at least one message. Found: nothing.",
        "{\"messages\":[]} | messages: Expecting a list of at least one message. Found: [].",
        "{\"messages\":[{\"content\":\"x\"}]} | messages[0].role: Expecting a word. Found: nothing.",
        "{\"messages\":[{\"role\":\"user\"}]} | messages[0].content: Expecting a text or a list of text parts. Found: nothing.",
        "[] | body: Expecting a JSON object. Found: [].",
        "`` | body: Expecting a JSON object. Found: an empty body.",
      })
  void body_withoutWhatItNeeds_isRefused(String body, String message) {
    assertThatThrownBy(() -> raw(Kind.CHAT, body))
        .isInstanceOf(ApiException.class)
        .hasMessage(message);
  }

  @Test
  void body_cutShort_isBadJson() {
    assertThatThrownBy(() -> raw(Kind.CHAT, "{\"messages\":"))
        .isInstanceOfSatisfying(
            ApiException.class, e -> assertThat(e.code()).isEqualTo("invalid_json"))
        .hasMessageStartingWith("body: Expecting a JSON object. Found: Unexpected end-of-input");
  }

  @Test
  void prompt_missing_isRefused() {
    assertThatThrownBy(() -> raw(Kind.COMPLETION, "{}"))
        .hasMessage("prompt: Expecting one text that is not empty. Found: nothing.");
  }
}
