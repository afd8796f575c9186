package llmload.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import llmload.config.ConfigException;
import org.junit.jupiter.api.Test;

class NamedTargetsTest {
  private static RunSettings settings(String endpoints, String... more) {
    Map<String, String> given = new HashMap<>(Map.of("llm.endpoints", endpoints));
    for (int i = 0; i < more.length; i += 2) {
      given.put("llm." + more[i], more[i + 1]);
    }
    return RunSettings.read(given, Map.of(), ProjectFolder.find());
  }

  @Test
  void labels_keepTheirOrder_andTheFirstIsTheRunsOwnTarget() {
    RunSettings settings = settings("b=http://b:1/v1, a=qwen/7b@https://a:2", "model", "shared");

    assertThat(settings.target().endpoints())
        .containsExactly(
            new NamedTarget("b", "http://b:1/v1", "shared"),
            new NamedTarget("a", "https://a:2", "qwen/7b"));
    assertThat(settings.target().baseUrl()).isEqualTo("http://b:1/v1");
  }

  @Test
  void everyBadPart_isNamed_withoutItsUrl() {
    assertThatThrownBy(
            () -> settings("a=http://a:1,a=http://b:1,x=ftp://c,noLabel,y=http://u:secret@d:1"))
        .isInstanceOfSatisfying(
            ConfigException.class,
            e ->
                assertThat(e.problems())
                    .filteredOn(problem -> problem.startsWith("llm.endpoints"))
                    .hasSize(4)
                    .noneMatch(problem -> problem.contains("secret")));
  }

  @Test
  void baseUrlBesideEndpoints_isRefused() {
    assertThatThrownBy(() -> settings("a=http://a:1", "baseUrl", "http://b:1"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("llm.endpoints");
  }
}
