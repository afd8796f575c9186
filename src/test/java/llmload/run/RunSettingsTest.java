package llmload.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import llmload.config.ConfigException;
import llmload.config.Secret;
import llmload.config.SettingsReader;
import llmload.model.RequestKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings from -D, environment and profile; the defaults are those of README.md. */
class RunSettingsTest {
  private static final Path ROOT = ProjectFolder.find();

  private static RunSettings read(String... pairs) {
    return read(Map.of(), pairs);
  }

  private static RunSettings read(Map<String, String> environment, String... pairs) {
    Map<String, String> properties = new HashMap<>();
    properties.put("llm.baseUrl", "http://gpu:8000");
    for (int i = 0; i < pairs.length; i += 2) {
      properties.put("llm." + pairs[i], pairs[i + 1]);
    }
    return RunSettings.read(properties, environment, ROOT);
  }

  private static List<String> problems(String... pairs) {
    ConfigException problem = catchThrowableOfType(ConfigException.class, () -> read(pairs));
    assertThat(problem).isNotNull();
    return problem.problems();
  }

  @Test
  void defaults_areTheReadmes() {
    RunSettings settings = read();
    LoadSettings load = settings.load();
    assertThat(load.kind()).isEqualTo(RequestKind.CHAT);
    assertThat(load.users()).isEqualTo(1);
    assertThat(load.isOpen()).isFalse();
    assertThat(load.arrival()).isEqualTo("poisson");
    assertThat(load.burstiness()).isEqualTo(1);
    assertThat(load.requests()).isEqualTo(OptionalLong.of(50));
    assertThat(load.duration()).isEmpty();
    assertThat(load.maxDuration()).isEmpty();
    assertThat(load.drain()).isEqualTo(Duration.ofSeconds(5));
    assertThat(load.rampUp()).isZero();
    assertThat(load.thinkTime()).isZero();
    assertThat(load.warmUpCount()).isEqualTo(OptionalLong.of(8));
    assertThat(load.seed()).isEqualTo(42);
    RequestSettings request = settings.request();
    assertThat(request.stream()).isTrue();
    assertThat(request.maxTokens()).isEqualTo(64);
    assertThat(request.nonce()).isTrue();
    assertThat(request.prompts()).isEqualTo("short");
    assertThat(request.timeouts().connect()).isEqualTo(Duration.ofSeconds(10));
    assertThat(request.timeouts().firstToken()).isEqualTo(Duration.ofMinutes(2));
    assertThat(request.timeouts().idle()).isEqualTo(Duration.ofSeconds(30));
    assertThat(request.timeouts().total()).isEqualTo(Duration.ofMinutes(10));
    assertThat(settings.target().dialect()).isEqualTo("openai-chat");
    assertThat(settings.target().verifyTls()).isTrue();
    assertThat(settings.target().model()).isNull();
    assertThat(settings.target().apiKey()).isEmpty();
    assertThat(settings.gate().failOn()).containsExactly("invalid", "required");
    assertThat(settings.gate().targets())
        .extracting(t -> t.id())
        .contains("answers", "first-token");
    assertThat(settings.results()).isEqualTo(ROOT.resolve("results"));
    assertThat(settings.profile()).isEmpty();
  }

  @Test
  void readmesTable_namesExactlyTheSettingsThatAreRead() throws IOException {
    Set<String> named = new TreeSet<>();
    Pattern cell = Pattern.compile("`([a-zA-Z.]+)`");
    for (String line : Files.readAllLines(ROOT.resolve("README.md"))) {
      String[] cells = line.split("\\|", -1);
      if (cells.length == 5 && cells[1].strip().startsWith("`")) {
        Matcher name = cell.matcher(cells[1]);
        String group = "";
        while (name.find()) {
          String word = name.group(1);
          named.add(word.startsWith(".") ? group + word : word);
          group = word.startsWith(".") ? group : word.replaceFirst("\\..*", "");
        }
      }
    }
    // Told in other cells of the table, and in the text below it.
    named.addAll(
        List.of("drain", "maxDuration", "apiKeyFile", "apiKeyHeader", "headers", "engine"));
    assertThat(named).hasSizeGreaterThan(30);
    for (String name : named) {
      assertThat(problems("x", "1", name, "\u0001"))
          .noneMatch(p -> p.startsWith("llm." + name + ": Expecting a known"));
    }
    Set<String> resolved = new TreeSet<>(read().resolved().keySet());
    resolved.removeIf(name -> name.startsWith("validity."));
    assertThat(named).containsAll(resolved);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "users | 0 | a whole number from 1 to 100000",
        "users | four | a whole number",
        "requests | 0 | a whole number",
        "duration | 10 | a duration such as",
        "duration | 0 | a duration above 0",
        "maxDuration | 0s | a duration above 0",
        "warmUp | few | a duration",
        "drain | -1s | a duration",
        "rate | 0 | a number from",
        "arrival | bursty | one of constant, poisson, gamma",
        "kind | picture | one of chat, completion, structured, conversation, health, models",
        "dialect | soap | one of openai-chat",
        "engine | none | one of llama",
        "stream | perhaps | true or false",
        "maxTokens | 0 | a whole number",
        "temperature | hot | a number",
        "timeout.idle | 0s | a positive duration",
        "failOn | bad | invalid, required, targets",
        "validity.eventLoopLag | 0 | milliseconds above 0",
        "validity.achievedRate | 2 | a ratio above 0 and up to 1",
        "baseUrl | gpu:8000 | a URL such as",
        "baseUrl | ftp://gpu | a URL such as",
        "targets | no-such | no-such",
        "prompts | no-such.jsonl | no-such.jsonl",
        "runId | a/b | letters, digits",
        "usres | 4 | Did you mean llm.users?",
        "apiKey | sk-1 | LLM_API_KEY",
      })
  void value_unusable_isOneProblemThatNamesKeyAndRule(String key, String value, String rule) {
    List<String> found = problems(key, value);
    assertThat(found).hasSize(1);
    assertThat(found.get(0)).contains(rule).contains("Expecting").contains("Found: ");
    assertThat(found.get(0)).matches(p -> p.contains("llm." + key) || p.contains(value));
  }

  @Test
  void usersAndRate_together_areRefused() {
    assertThat(problems("users", "4", "rate", "2"))
        .containsExactly(
            "llm.rate: Expecting either users (a closed load) or rate (an open one). Found: both.");
  }

  @Test
  void baseUrl_withCredentials_isRefusedAndNotShown() {
    assertThat(problems("baseUrl", "http://me:hunter2@gpu:8000"))
        .singleElement()
        .asString()
        .contains("without credentials")
        .doesNotContain("hunter2");
  }

  @Test
  void headers_thatNoHeaderCanCarry_areRefusedAndNotShown() {
    assertThat(problems("headers", "X-Tenant: can\u0007ary"))
        .singleElement()
        .asString()
        .contains("llm.headers: Expecting")
        .doesNotContain("can\u0007ary");
  }

  @Test
  void warmUp_countAndTimeAndDefaultByUsers() {
    assertThat(read("warmUp", "0").load().warmUpCount()).isEqualTo(OptionalLong.of(0));
    assertThat(read("warmUp", "3s").load().warmUpTime()).contains(Duration.ofSeconds(3));
    assertThat(read("warmUp", "3s").load().warmUpCount()).isEmpty();
    // Two a user, at least 8.
    assertThat(read("users", "64").load().warmUpCount()).isEqualTo(OptionalLong.of(128));
    assertThat(read("users", "64").resolved()).containsEntry("warmUp", "128");
  }

  @Test
  void duration_alone_hasNoRequestLimit() {
    assertThat(read("duration", "5s").load().requests()).isEmpty();
    assertThat(read("duration", "5s", "requests", "9").load().requests())
        .isEqualTo(OptionalLong.of(9));
  }

  @Test
  void bareCommand_takesTheQuickProfile_andAnythingOfTheLoadDoesNot() {
    RunSettings bare = RunSettings.read(Map.of("llm.seed", "7"), Map.of(), ROOT);
    assertThat(bare.profile()).contains("quick");
    assertThat(bare.load().users()).isEqualTo(4);
    assertThat(bare.resolved()).containsEntry("profile", "quick").containsEntry("users", "4");
    assertThat(read().profile()).isEmpty();
    assertThat(RunSettings.read(Map.of(), Map.of("LLM_USERS", "2"), ROOT).profile()).isEmpty();
    assertThat(read("profile", "quick").load().users()).isEqualTo(4);
  }

  @Test
  void settingOfTheSimulationsOwn_asksForTheWholeOfIt() {
    Workload tea = Workload.closed("tea").with(OwnSettings.by(s -> s.text("tea.leaves")));

    assertThat(RunSettings.read(Map.of(), Map.of(), ROOT, tea).profile()).contains("quick");
    assertThat(RunSettings.read(Map.of("llm.tea.leaves", "1"), Map.of(), ROOT, tea).profile())
        .isEmpty();
    assertThat(RunSettings.read(Map.of(), Map.of("LLM_TEA_LEAVES", "1"), ROOT, tea).profile())
        .isEmpty();
    Workload spelt = Workload.closed("a_tea").with(OwnSettings.by(s -> s.text("aTea.leaves")));
    assertThat(RunSettings.read(Map.of("llm.aTea.leaves", "1"), Map.of(), ROOT, spelt).profile())
        .isEmpty();
  }

  @Test
  void order_commandLineOverEnvironmentOverProfile() {
    Map<String, String> environment = Map.of("LLM_USERS", "3", "LLM_TIMEOUT_FIRST_TOKEN", "7s");
    RunSettings settings = read(environment, "profile", "quick");
    assertThat(settings.load().users()).isEqualTo(3);
    assertThat(settings.request().timeouts().firstToken()).isEqualTo(Duration.ofSeconds(7));
    assertThat(read(environment, "profile", "quick", "users", "9").load().users()).isEqualTo(9);
  }

  @Test
  void profile_missing_isNamed() {
    assertThat(problems("profile", "nightly"))
        .singleElement()
        .asString()
        .contains("llm.profile: Expecting")
        .contains("nightly");
  }

  @Test
  void apiKey_isTakenFromTheFirstVariable_withoutQuotesAndEnds() {
    Map<String, String> all =
        Map.of("LLM_API_KEY", " 'sk-a'\n", "OPENAI_API_KEY", "sk-b", "API_KEY", "sk-c");
    assertThat(read(all).target().apiKey()).contains(new Secret("sk-a"));
    assertThat(read(all).target().allHeaders()).containsEntry("Authorization", "Bearer sk-a");
    assertThat(read(Map.of("OPENAI_API_KEY", "\"sk-b\"", "API_KEY", "c")).target().apiKey())
        .contains(new Secret("sk-b"));
    assertThat(read(Map.of("LLM_API_KEY", " ", "API_KEY", "sk-c")).target().apiKey())
        .contains(new Secret("sk-c"));
  }

  @Test
  void apiKey_ofTheDotEnvFile_isTakenLast_withoutQuotesAndNeverShown(@TempDir Path root)
      throws IOException {
    Files.writeString(
        root.resolve(".env"),
        "# keys\nGROQ_API_KEY=other\nexport API_KEY=\"sk-canary-2\"\nnot an assignment\n");
    assertThat(dotEnvKey(root, Map.of())).contains(new Secret("sk-canary-2"));
    assertThat(dotEnvKey(root, Map.of("API_KEY", "sk-c"))).contains(new Secret("sk-c"));
    Files.writeString(root.resolve(".env"), "API_KEY=\n");
    assertThat(dotEnvKey(root, Map.of())).isEmpty();
  }

  private static Optional<Secret> dotEnvKey(Path root, Map<String, String> environment) {
    SettingsReader settings = SettingsReader.of(Map.of(), environment, Map.of(), "none");
    Optional<Secret> key = ApiKey.find(settings, environment, root);
    assertThat(settings.resolved().toString() + key).doesNotContain("canary");
    settings.requireNoProblems();
    return key;
  }

  @Test
  void llmServerDialect_hasItsOwnHeader_andTargetsOfAnswersInOnePiece() {
    RunSettings settings = read(Map.of("API_KEY", "sk-c"), "dialect", "llm-server-real");
    assertThat(settings.target().allHeaders())
        .containsExactlyEntriesOf(Map.of("X-API-Key", "sk-c"));
    assertThat(settings.gate().targets()).extracting(target -> target.id()).contains("whole");
    assertThat(settings.gate().targets()).noneMatch(target -> target.metric().equals("ttft"));
  }

  @Test
  void answersInOnePiece_areHeldToTargetsThatTheyCanMeet() {
    RunSettings settings = read("stream", "false");
    assertThat(settings.gate().targets()).noneMatch(target -> target.metric().equals("ttft"));
  }

  @Test
  void failOnWithoutRequired_isWarnedOf() {
    assertThat(read().gate().warning()).isEmpty();
    assertThat(read("failOn", "grade<good").gate().warning())
        .hasValueSatisfying(text -> assertThat(text).startsWith("llm.failOn leaves out required"));
    assertThat(read("failOn", "grade<good", "targets", "none").gate().warning()).isEmpty();
  }

  @Test
  void suiteThatEndsItself_takesNoCount_butAProfileForAllMayHaveOne() {
    Workload suite = Workload.closed("any_suite").endingItself();
    Map<String, String> server = Map.of("llm.baseUrl", "http://gpu:8000", "llm.profile", "quick");
    assertThat(RunSettings.read(server, Map.of(), ROOT, suite).load().requests()).isEmpty();
    Map<String, String> counted = new HashMap<>(server);
    counted.put("llm.requests", "9");
    assertThatThrownBy(() -> RunSettings.read(counted, Map.of(), ROOT, suite))
        .hasMessageContaining("llm.requests: Expecting it not with any_suite");
  }

  @Test
  void apiKeyHeader_ofAnotherName_carriesThePlainKey() {
    assertThat(read(Map.of("API_KEY", "sk-c"), "apiKeyHeader", "X-Api-Key").target().allHeaders())
        .containsExactlyEntriesOf(Map.of("X-Api-Key", "sk-c"));
  }

  @Test
  void apiKeyFile_beatsTheEnvironment_andMustBeOneLine(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("key");
    Files.writeString(file, "\"sk-file\"\n");
    assertThat(read(Map.of("API_KEY", "sk-c"), "apiKeyFile", file.toString()).target().apiKey())
        .contains(new Secret("sk-file"));
    Files.writeString(file, "sk-one\nsk-two\n");
    assertThat(problems("apiKeyFile", file.toString()))
        .singleElement()
        .asString()
        .contains("a file with one line")
        .doesNotContain("sk-one");
    assertThat(problems("apiKeyFile", folder.resolve("none").toString()))
        .singleElement()
        .asString()
        .contains("a readable file");
  }

  @Test
  void resolved_holdsNoKey() {
    assertThat(read(Map.of("LLM_API_KEY", "sk-canary-1")).resolved().toString())
        .doesNotContain("canary");
    assertThat(read(Map.of("LLM_API_KEY", "sk-canary-1")).toString()).doesNotContain("canary");
  }
}
