package llmload.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorBodyTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          llamacpp-error-missing-messages.json | 'messages' is required
          llamacpp-error-unauthorized.json | Invalid API Key
          llamacpp-error-unknown-route.json | File Not Found
          inference-server-error-unknown-model.json | Model does not exist
          """,
      quoteCharacter = '`')
  void recorded_errors_giveTheirMessage(String file, String message) {
    assertThat(ErrorBody.message(RecordedStreamSource.read(file))).isEqualTo(message);
  }

  @Test
  void detail_textOrList_isShown() {
    assertThat(ErrorBody.message("{\"detail\":\"Not Found\"}")).isEqualTo("Not Found");
    assertThat(ErrorBody.message("{\"detail\":[{\"msg\":\"field required\"}]}"))
        .isEqualTo("field required");
    assertThat(
            ErrorBody.message(
                """
                {"detail":[{"type":"missing","loc":["body","provider"],"msg":"Field required",
                "input":{"prompt":"p"}},{"loc":["body","temperature"],"msg":"at most 1"}]}"""))
        .isEqualTo("body.provider: Field required; body.temperature: at most 1");
    assertThat(ErrorBody.message("{\"detail\":[{\"code\":7}]}")).isEqualTo("[{\"code\":7}]");
  }

  @Test
  void text_ofAnyKind_isOneShortLineWithoutControls() {
    assertThat(ErrorBody.message("  502 Bad\r\n\tGateway\u001B[31m\u0000 "))
        .isEqualTo("502 Bad Gateway[31m");
    assertThat(ErrorBody.message("{broken")).isEqualTo("{broken");
    assertThat(ErrorBody.message("")).isEmpty();
    assertThat(ErrorBody.message("x".repeat(9999))).isEqualTo("x".repeat(4096));
    assertThat(ErrorBody.message("x".repeat(4095) + "\uD83D\uDE00")).isEqualTo("x".repeat(4095));
    assertThat(ErrorBody.message("<p>" + "y".repeat(5 << 20))).hasSize(4096);
    assertThat(ErrorBody.message(new byte[] {(byte) 0xFF, 'a'})).isEqualTo("\uFFFDa");
  }

  @Test
  void json_deepOrHuge_isTakenAsText() {
    String deep = "{\"error\":" + "[".repeat(50_000);
    assertThat(ErrorBody.message(deep)).isEqualTo(deep.substring(0, 4096));
    String huge = "{\"error\":\"" + "z".repeat(300_000) + "\"}";
    assertThat(ErrorBody.message(huge.getBytes(UTF_8))).isEqualTo(huge.substring(0, 4096));
  }

  @Test
  void models_recorded_areListed() {
    assertThat(models("llamacpp-models.json")).containsExactly("tiny-kjv");
    assertThat(models("inference-server-models.json")).containsExactly("local");
    assertThat(ModelList.parse("<html>")).isEmpty();
    assertThat(ModelList.parse("{\"data\":[{\"id\":3},{\"id\":\"a\"},7]}")).containsExactly("a");
  }

  private static java.util.List<String> models(String file) {
    return ModelList.parse(new String(RecordedStreamSource.read(file), UTF_8));
  }
}
