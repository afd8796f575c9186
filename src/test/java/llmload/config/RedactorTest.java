package llmload.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactorTest {

  private static Redactor knowing(String... secrets) {
    return Redactor.of(Stream.of(secrets).map(Secret::new).toList());
  }

  @Test
  void knownValue_isReplacedWhereverItStands() {
    assertThat(knowing("sk-canary").redact("401: key sk-canary (sk-canary!) is wrong"))
        .isEqualTo("401: key *** (***!) is wrong");
  }

  @Test
  void knownValue_isFoundInUrlsAndJson() {
    String secret = "a/b+c \"d\\";

    assertThat(knowing(secret).redact("?x=a%2Fb%2Bc+%22d%5C {\"k\":\"a/b+c \\\"d\\\\\"}"))
        .isEqualTo("?x=*** {\"k\":\"***\"}");
    assertThat(knowing(secret).redact("\"a\\/b+c \\\"d\\\\\"")).isEqualTo("\"***\"");
  }

  @Test
  void secretThatBeginsWithAnother_isReplacedWhole() {
    assertThat(knowing("sk-1", "sk-1-long").redact("sk-1-long sk-1")).isEqualTo("*** ***");
  }

  @Test
  void placeholderKeys_areNoSecrets() {
    assertThat(knowing("EMPTY", "abc", " ").redact("outcome EMPTY, abc"))
        .isEqualTo("outcome EMPTY, abc");
  }

  @ParameterizedTest
  @CsvSource({
    "http://gpu:8000/v1, http://gpu:8000/v1",
    "at http://me:pw@gpu:8000/v1 it, at http://***@gpu:8000/v1 it",
    "http://me:p@w@gpu/, http://***@gpu/",
    "http://gpu/?user=a@b.c, http://gpu/?user=a@b.c",
    "http://gpu/?api_key=abc&n=2, http://gpu/?api_key=***&n=2",
    "/v1?X-Amz-Signature=abc#top, /v1?X-Amz-Signature=***#top",
    "/v1?access_token=$1\\, /v1?access_token=***",
    "/v1?max_tokens=5&next_token=6, /v1?max_tokens=5&next_token=6"
  })
  void urls_loseUserInformationAndSecretQueryValues(String text, String expected) {
    assertThat(Redactor.NONE.redact(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "apiKey",
        "api_key",
        "x-goog-api-key",
        "Authorization",
        "Proxy-Authorization",
        "Set-Cookie",
        "hf.token",
        "X-Auth-Token",
        "token",
        "proxy.password",
        "clientSecret",
        "APIKEY",
        "apikey",
        "sig",
        "access_token"
      })
  void secretNames_areSeen(String name) {
    assertThat(SecretNames.isSecret(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "maxTokens",
        "minTokens",
        "inputTokens",
        "timeout.firstToken",
        "tokenizer",
        "apiKeyFile",
        "apiKeyHeader",
        "users",
        "keyboard",
        "output_tokens",
        "per_token",
        "tokenCount",
        ""
      })
  void otherNames_areNot(String name) {
    assertThat(SecretNames.isSecret(name)).isFalse();
  }

  @Test
  void secret_hidesItsValue() {
    assertThat(new Secret("sk-canary")).hasToString("***");
    assertThat(List.of(new Secret("sk-canary"))).hasToString("[***]");
    assertThat(new Secret("sk-canary").value()).isEqualTo("sk-canary");
  }
}
