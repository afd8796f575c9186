package llmload.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SettingsReaderTest {

  static SettingsReader properties(String... keysAndValues) {
    return SettingsReader.of(pairs(keysAndValues), Map.of(), Map.of(), "quick");
  }

  static SettingsReader environment(String... namesAndValues) {
    return SettingsReader.of(Map.of(), pairs(namesAndValues), Map.of(), "quick");
  }

  static SettingsReader profile(Map<String, @Nullable Object> yaml) {
    return SettingsReader.of(Map.of(), Map.of(), yaml, "quick");
  }

  static Map<String, String> pairs(String... keysAndValues) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      pairs.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return pairs;
  }

  static List<String> problems(SettingsReader reader) {
    ConfigException thrown = catchThrowableOfType(ConfigException.class, reader::requireNoProblems);
    return thrown == null ? List.of() : thrown.problems();
  }

  @Test
  void layers_arePropertyOverEnvironmentOverProfileOverDefault() {
    Map<String, String> property = Map.of("llm.users", "1");
    Map<String, String> variable = Map.of("LLM_USERS", "2");
    Map<String, @Nullable Object> yaml = Map.of("users", 3);
    SettingsReader all = SettingsReader.of(property, variable, yaml, "quick");
    SettingsReader two = SettingsReader.of(Map.of(), variable, yaml, "quick");

    assertThat(all.integer("users", 4, 1, 9)).isEqualTo(1);
    assertThat(two.integer("users", 4, 1, 9)).isEqualTo(2);
    assertThat(profile(yaml).integer("users", 4, 1, 9)).isEqualTo(3);
    assertThat(properties().integer("users", 4, 1, 9)).isEqualTo(4);
    assertThat(all.origins()).containsExactly(Map.entry("users", "-Dllm.users"));
    assertThat(two.origins()).containsExactly(Map.entry("users", "LLM_USERS"));
  }

  @Test
  void environmentName_isTheKeyInCapitals() {
    SettingsReader reader =
        environment(
            "LLM_TIMEOUT_FIRST_TOKEN", "2s", "LLM_BASE_URL", "http://h", "LLM_TLS_VERIFY", "false");

    assertThat(reader.duration("timeout.firstToken")).contains(Duration.ofSeconds(2));
    assertThat(reader.text("baseUrl")).contains("http://h");
    assertThat(reader.flag("tls.verify", true)).isFalse();
    reader.requireNoProblems();
  }

  @Test
  void emptyVariable_countsAsNotSet() {
    SettingsReader reader = environment("LLM_MODEL", "", "LLM_NOTHING", "");

    assertThat(reader.text("model")).isEmpty();
    reader.requireNoProblems();
  }

  @Test
  void profile_takesNestedAndDottedKeys() {
    SettingsReader reader =
        profile(
            Map.of(
                "timeout",
                Map.of("firstToken", "2s"),
                "timeout.idle",
                "3s",
                "engine",
                "simulated",
                "engine.slots",
                4));

    assertThat(reader.duration("timeout.firstToken")).contains(Duration.ofSeconds(2));
    assertThat(reader.duration("timeout.idle")).contains(Duration.ofSeconds(3));
    assertThat(reader.text("engine")).contains("simulated");
    assertThat(reader.integer("engine.slots", 1, 1, 9)).isEqualTo(4);
    reader.requireNoProblems();
  }

  @Test
  void profileKeyWithoutValue_countsAsNotSet() {
    Map<String, @Nullable Object> yaml = new LinkedHashMap<>();
    yaml.put("model", null);
    SettingsReader reader = profile(yaml);

    assertThat(reader.text("model", "m")).isEqualTo("m");
    reader.requireNoProblems();
  }

  @Test
  void values_ofEachType_areRead() {
    SettingsReader reader =
        properties(
            "llm.text", " as it is ",
            "llm.int", "-7",
            "llm.long", "900000000000000000",
            "llm.number", "2.5e-1",
            "llm.flag", "TRUE",
            "llm.duration", "250ms",
            "llm.list", "a, b,,c ",
            "llm.empty", "",
            "llm.choice", "Poisson");

    assertThat(reader.text("text")).contains(" as it is ");
    assertThat(reader.integer("int", -9, 9)).hasValue(-7);
    assertThat(reader.longNumber("long", 0, Long.MAX_VALUE)).hasValue(900_000_000_000_000_000L);
    assertThat(reader.number("number", 0, 1)).hasValue(0.25);
    assertThat(reader.flag("flag")).contains(true);
    assertThat(reader.duration("duration")).contains(Duration.ofMillis(250));
    assertThat(reader.list("list")).contains(List.of("a", "b", "c"));
    assertThat(reader.list("empty")).contains(List.of());
    assertThat(reader.choice("choice", List.of("constant", "poisson"))).contains("poisson");
    reader.requireNoProblems();
  }

  @Test
  void yamlValues_ofEachType_areRead() {
    SettingsReader reader =
        profile(
            Map.of("int", 7, "number", 0.5, "flag", true, "list", List.of("a", 2), "duration", 0));

    assertThat(reader.integer("int", 1, 0, 9)).isEqualTo(7);
    assertThat(reader.number("number", 1, 0, 1)).isEqualTo(0.5);
    assertThat(reader.flag("flag", false)).isTrue();
    assertThat(reader.list("list", List.of())).containsExactly("a", "2");
    assertThat(reader.duration("duration", Duration.ofSeconds(9))).isZero();
    reader.requireNoProblems();
  }

  @Test
  void absentValues_areEmptyOrTheFallback() {
    SettingsReader reader = properties();

    assertThat(reader.text("a")).isEmpty();
    assertThat(reader.integer("a", 0, 9)).isEmpty();
    assertThat(reader.longNumber("a", 0, 9)).isEmpty();
    assertThat(reader.number("a", 0, 9)).isEmpty();
    assertThat(reader.flag("a")).isEmpty();
    assertThat(reader.duration("a")).isEmpty();
    assertThat(reader.list("a")).isEmpty();
    assertThat(reader.choice("a", List.of("x"))).isEmpty();
    assertThat(reader.map("a")).isEmpty();
    assertThat(reader.resolved()).isEmpty();
    assertThat(reader.longNumber("b", 5, 0, 9)).isEqualTo(5);
    assertThat(reader.number("c", 0.5, 0, 9)).isEqualTo(0.5);
    assertThat(reader.choice("d", List.of("x", "y"), "y")).isEqualTo("y");
    assertThat(reader.choice("e", Map.of("one", 1, "two", 2), 2)).isEqualTo(2);
    assertThat(reader.resolved()).isEqualTo(Map.of("b", "5", "c", "0.5", "d", "y", "e", "two"));
    assertThat(reader.origins().values()).containsOnly("default");
  }

  @Test
  void apiKeyOnTheCommandLine_isRefused_withoutShowingIt() {
    String secret = "sk-canary-1234";
    SettingsReader reader =
        SettingsReader.of(
            Map.of("llm.apiKey", secret, "llm.api_key", secret),
            Map.of("LLM_API_KEY", secret, "LLM_APIKEY", secret),
            Map.of("apiKey", secret),
            "quick");

    assertThat(problems(reader))
        .containsExactly(
            "llm.apiKey: Expecting the API key in the environment variable LLM_API_KEY or in the"
                + " file that llm.apiKeyFile names. Found: a value on the command line."
                + " Take it out there, since others can read it, and set it here.",
            "llm.api_key: Expecting the API key in the environment variable LLM_API_KEY or in the"
                + " file that llm.apiKeyFile names. Found: a value on the command line."
                + " Take it out there, since others can read it, and set it here.",
            "LLM_APIKEY: Expecting the API key in the environment variable LLM_API_KEY or in the"
                + " file that llm.apiKeyFile names. Found: a variable of another name."
                + " Take it out there, since others can read it, and set it here.",
            "profile quick: apiKey: Expecting the API key in the environment variable LLM_API_KEY"
                + " or in the file that llm.apiKeyFile names. Found: a value in a profile."
                + " Take it out there, since others can read it, and set it here.");
  }

  @Test
  void apiKeyInTheEnvironment_isNeverSeen() {
    SettingsReader reader = environment("LLM_API_KEY", "sk-canary", "LLM_API_KEY_FILE", "key.txt");

    assertThat(reader.text("apiKey")).isEmpty();
    assertThat(reader.text("apiKeyFile")).contains("key.txt");
    assertThat(reader.resolved()).containsExactly(Map.entry("apiKeyFile", "key.txt"));
    reader.requireNoProblems();
  }

  @Test
  void secretValues_areNeitherResolvedNorReported() {
    SettingsReader reader =
        properties(
            "llm.proxy.password", "hunter22",
            "llm.hf.token", "hf_canary",
            "llm.baseUrl", "http://me:pw@gpu:8000/v1?api_key=canary&n=2");

    reader.text("proxy.password");
    reader.integer("hf.token", 1, 9);
    assertThat(reader.text("baseUrl")).contains("http://me:pw@gpu:8000/v1?api_key=canary&n=2");
    reader.reject("baseUrl", "a URL");

    assertThat(reader.resolved())
        .isEqualTo(
            Map.of("proxy.password", "***", "baseUrl", "http://***@gpu:8000/v1?api_key=***&n=2"));
    assertThat(problems(reader))
        .containsExactly(
            "llm.hf.token: Expecting a whole number from 1 to 9. Found: ***.",
            "llm.baseUrl: Expecting a URL. Found: http://***@gpu:8000/v1?api_key=***&n=2.");
  }

  @Test
  void resolvedValue_isWhole_howeverLong() {
    SettingsReader reader = properties("llm.extraBody", "x".repeat(500));
    reader.text("extraBody");

    assertThat(reader.resolved()).containsEntry("extraBody", "x".repeat(500));
  }

  @Test
  void map_isReadFromTextAndYaml_andItsSecretsAreMasked() {
    SettingsReader text = properties("llm.headers", "X-Team: a:b ; Authorization: Bearer canary;");
    SettingsReader yaml =
        profile(Map.of("headers", Map.of("X-Count", 3), "headers.X-Api.Key", "canary"));

    assertThat(text.map("headers"))
        .isEqualTo(Map.of("X-Team", "a:b", "Authorization", "Bearer canary"));
    assertThat(text.resolved())
        .containsExactly(Map.entry("headers", "X-Team: a:b; Authorization: ***"));
    text.requireNoProblems();
    assertThat(yaml.map("headers")).isEqualTo(Map.of("X-Count", "3", "X-Api.Key", "canary"));
    assertThat(yaml.resolved().get("headers")).doesNotContain("canary").contains("X-Count: 3");
    assertThat(yaml.origins()).containsExactly(Map.entry("headers", "profile quick"));
    yaml.requireNoProblems();
  }

  @Test
  void yamlListWithNothingInIt_isAnEmptyList() {
    assertThat(profile(Map.of("failOn", Arrays.asList())).list("failOn", List.of("invalid")))
        .isEmpty();
  }
}
