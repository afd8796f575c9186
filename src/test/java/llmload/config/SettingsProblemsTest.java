package llmload.config;

import static llmload.config.SettingsReaderTest.environment;
import static llmload.config.SettingsReaderTest.pairs;
import static llmload.config.SettingsReaderTest.problems;
import static llmload.config.SettingsReaderTest.profile;
import static llmload.config.SettingsReaderTest.properties;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Settings that cannot be used, and what the user is told. */
class SettingsProblemsTest {

  @Test
  void badValues_areAllReportedAtOnce_andFallBack() {
    SettingsReader reader =
        properties(
            "llm.users", "abc",
            "llm.requests", "0",
            "llm.rate", "NaN",
            "llm.temperature", "2.5",
            "llm.stream", "yes",
            "llm.drain", "5",
            "llm.arrival", "bursty",
            "llm.seed", "");

    assertThat(reader.integer("users", 4, 1, 100_000)).isEqualTo(4);
    assertThat(reader.longNumber("requests", 1, Long.MAX_VALUE)).isEmpty();
    assertThat(reader.number("rate", 0, Double.MAX_VALUE)).isEmpty();
    assertThat(reader.number("temperature", 1, 0, 2)).isEqualTo(1);
    assertThat(reader.flag("stream", true)).isTrue();
    assertThat(reader.duration("drain", Duration.ofSeconds(5))).isEqualTo(Duration.ofSeconds(5));
    assertThat(reader.choice("arrival", List.of("constant", "poisson"), "constant"))
        .isEqualTo("constant");
    assertThat(reader.longNumber("seed", 1, Long.MIN_VALUE, Long.MAX_VALUE)).isEqualTo(1);

    assertThat(problems(reader))
        .containsExactly(
            "llm.users: Expecting a whole number from 1 to 100000. Found: abc.",
            "llm.requests: Expecting a whole number of at least 1. Found: 0.",
            "llm.rate: Expecting a number of at least 0. Found: NaN.",
            "llm.temperature: Expecting a number from 0 to 2. Found: 2.5.",
            "llm.stream: Expecting true or false. Found: yes.",
            "llm.drain: Expecting a duration such as 250ms, 30s, 5m or 1h. Found: 5.",
            "llm.arrival: Expecting one of constant, poisson. Found: bursty.",
            "llm.seed: Expecting a whole number. Found: nothing.");
    assertThat(reader.resolved()).containsEntry("users", "4");
  }

  @Test
  void badValue_ofEnvironmentOrProfile_saysWhereItComesFrom() {
    SettingsReader reader =
        SettingsReader.of(
            Map.of(),
            Map.of("LLM_USERS", "abc"),
            Map.of("rate", "fast", "model", List.of("a"), "list", List.of(List.of("a"))),
            "quick");
    reader.integer("users", 4, 1, 9);
    reader.number("rate", 0.5, 9);
    reader.text("model");
    reader.list("list");

    assertThat(problems(reader))
        .containsExactly(
            "llm.users: Expecting a whole number from 1 to 9. Found: abc (LLM_USERS).",
            "llm.rate: Expecting a number from 0.5 to 9. Found: fast (profile quick).",
            "llm.model: Expecting text. Found: a list (profile quick).",
            "llm.list: Expecting a list of words. Found: a list (profile quick).");
  }

  @Test
  void problemsOfCallers_joinTheOthers_onceEach() {
    SettingsReader reader = environment("LLM_TRACE", "x.csv");
    reader.text("trace");
    reader.reject("trace", "a file that exists");
    reader.reject("trace", "a file that exists");
    reader.problem("targets.yaml:3: Expecting a metric. Found: nothing.");

    assertThat(problems(reader))
        .containsExactly(
            "llm.trace: Expecting a file that exists. Found: x.csv (LLM_TRACE).",
            "targets.yaml:3: Expecting a metric. Found: nothing.");
  }

  @Test
  void unknownKeys_ofEachLayer_nameTheNearestKnownOne() {
    SettingsReader reader =
        SettingsReader.of(
            pairs("llm.usres", "1", "llm.firsttoken", "1", "llm.BaseUrl", "x", "other", "x"),
            pairs("LLM_MODLE", "m", "PATH", "/bin"),
            Map.of("timeout", Map.of("idel", "3s")),
            "quick");
    reader.integer("users", 1, 1, 9);
    reader.text("baseUrl");
    reader.known("model", "timeout.idle", "timeout.firstToken");

    assertThat(problems(reader))
        .containsExactly(
            "llm.BaseUrl: Expecting a known setting. Found: an unknown name."
                + " Did you mean llm.baseUrl?",
            "llm.firsttoken: Expecting a known setting. Found: an unknown name."
                + " Did you mean llm.timeout.firstToken?",
            "llm.usres: Expecting a known setting. Found: an unknown name."
                + " Did you mean llm.users?",
            "LLM_MODLE: Expecting a known setting. Found: an unknown name."
                + " Did you mean LLM_MODEL?",
            "profile quick: timeout.idel: Expecting a known setting. Found: an unknown name."
                + " Did you mean timeout.idle?");
  }

  @Test
  void knownKeys_neverRead_areNoProblem() {
    SettingsReader reader =
        SettingsReader.of(
            Map.of("llm.users", "1", "llm.validity.gcPause", "9"),
            Map.of("LLM_VALIDITY_SEND_LAG", "9"),
            Map.of("validity", Map.of("x", 1)),
            "quick");
    reader.known("users", "validity.*");

    assertThatCode(reader::requireNoProblems).doesNotThrowAnyException();
  }

  @Test
  void mappingInPlaceOfAValue_isUnknownBelowIt() {
    SettingsReader reader = profile(Map.of("model", Map.of("name", "m")));

    assertThat(reader.text("model")).isEmpty();
    assertThat(problems(reader))
        .containsExactly(
            "profile quick: model.name: Expecting a known setting. Found: an unknown name."
                + " Did you mean model?");
  }

  @Test
  void keyGivenTwiceInAProfile_isAProblem() {
    Map<String, @Nullable Object> yaml = new LinkedHashMap<>();
    yaml.put("timeout.idle", "3s");
    yaml.put("timeout", Map.of("idle", "4s"));
    SettingsReader reader = profile(yaml);
    reader.duration("timeout.idle");

    assertThat(problems(reader))
        .containsExactly("profile quick: timeout.idle: Expecting it once. Found: it twice.");
  }

  @Test
  void longOrOddValues_areShownShortAndOnOneLine() {
    SettingsReader reader = properties("llm.users", "a\nb\u001b[31m" + "x".repeat(200));
    reader.integer("users", 1, 1, 9);

    // 120 characters in all: "a b [31m" is 8 of them.
    assertThat(problems(reader))
        .containsExactly(
            "llm.users: Expecting a whole number from 1 to 9. Found: a b [31m"
                + "x".repeat(112)
                + "….");
  }

  @Test
  void badMap_isReported_withoutItsValue() {
    SettingsReader text = environment("LLM_HEADERS", "Bearer canary; A: b");
    SettingsReader yaml = profile(Map.of("headers", Map.of("A", List.of("b"))));

    assertThat(text.map("headers")).containsExactly(Map.entry("A", "b"));
    assertThat(problems(text))
        .containsExactly(
            "llm.headers: Expecting pairs such as A: b; C: d. Found: a part without a name"
                + " (LLM_HEADERS).");
    assertThat(yaml.map("headers")).isEmpty();
    assertThat(problems(yaml)).containsExactly("llm.headers.A: Expecting text. Found: a list.");
  }
}
