package llmload.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import llmload.config.Secret;
import llmload.testing.OpenAiFrames;
import llmload.testing.Script;
import llmload.testing.ScriptedServer;
import llmload.testing.Step;
import llmload.testing.Steps;
import llmload.wire.Dialects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PreflightTest {
  private static final Step MODELS = Steps.json(200, OpenAiFrames.models("m-1"), "Server: uvicorn");

  private static TargetSettings target(String url, @Nullable String model, boolean verifyTls) {
    return new TargetSettings(
        url,
        List.of(),
        "openai-chat",
        model,
        "llama",
        Map.of(),
        Optional.of(new Secret("sk-1")),
        "Authorization",
        Map.of("X-Tenant", "t", "Host", "virtual"),
        verifyTls);
  }

  private static Preflight ask(ScriptedServer server, @Nullable String model) {
    TargetSettings target = target(server.baseUrl(), model, true);
    return Preflight.ask(server.baseUrl(), Dialects.of("openai-chat"), target);
  }

  @Test
  void answer_givesModelsAndServer_forOneGetWithTheKey() {
    try (ScriptedServer server = ScriptedServer.start(Script.always(MODELS))) {
      Preflight preflight = ask(server, null);

      assertThat(preflight.models()).containsExactly("m-1");
      assertThat(preflight.serverVersion()).isEqualTo("uvicorn");
      assertThat(preflight.warnings()).isEmpty();
      assertThat(server.posts()).isZero();
      assertThat(server.requests()).hasSize(1);
      assertThat(server.requests().get(0).path()).isEqualTo("/v1/models");
      assertThat(server.requests().get(0).header("Authorization")).contains("Bearer sk-1");
      assertThat(server.requests().get(0).header("X-Tenant")).contains("t");
      assertThat(Preflight.modelFor(target("x", null, true), preflight)).isEqualTo("m-1");
      assertThat(Preflight.modelFor(target("x", "named", true), preflight)).isEqualTo("named");
    }
  }

  @Test
  void model_notListed_isAWarning() {
    try (ScriptedServer server = ScriptedServer.start(Script.always(MODELS))) {
      assertThat(ask(server, "m-2").warnings())
          .containsExactly("The server does not list the model m-2; it lists [m-1].");
    }
  }

  @Test
  void refusalAndNonsense_areWarnings() {
    try (ScriptedServer server =
        ScriptedServer.start(
            Script.inTurn(
                java.util.List.of(Steps.json(401, "{}")),
                java.util.List.of(Steps.text(200, "text/html", "<html>"))))) {
      assertThat(ask(server, "m").warnings()).singleElement().asString().contains("answered 401");
      assertThat(ask(server, "m").warnings())
          .singleElement()
          .asString()
          .contains("answered no list of models");
    }
  }

  @Test
  void closedPort_isUnreachable() {
    String url = "http://127.0.0.1:" + ScriptedServer.closedPort();
    assertThatThrownBy(
            () -> Preflight.ask(url, Dialects.of("openai-chat"), target(url, null, true)))
        .isInstanceOf(Preflight.UnreachableException.class)
        .hasMessageContaining(url)
        .hasMessageContaining("Expecting a server that answers");
  }

  @Test
  void certificateOfNobody_isUnreachable_unlessVerificationIsOff() {
    try (ScriptedServer server = ScriptedServer.startTls(Script.always(MODELS))) {
      String url = server.baseUrl();
      assertThatThrownBy(
              () -> Preflight.ask(url, Dialects.of("openai-chat"), target(url, null, true)))
          .isInstanceOf(Preflight.UnreachableException.class);
      assertThat(Preflight.ask(url, Dialects.of("openai-chat"), target(url, null, false)).models())
          .containsExactly("m-1");
    }
  }
}
