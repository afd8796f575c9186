package llmload.feeders;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import llmload.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromptsTest {
  @TempDir Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("p.jsonl"), text);
  }

  private Path letters() throws IOException {
    return file("{\"prompt\":\"a\"}\n{\"prompt\":\"b\"}\n\n{\"prompt\":\"c\"}\n");
  }

  private static List<Object> take(Iterator<Map<String, Object>> feeder, int count) {
    List<Object> prompts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      prompts.add(feeder.next().get("prompt"));
    }
    return prompts;
  }

  @Test
  void sequential_overTheFile_givesEachOnceThenEnds() throws IOException {
    Iterator<Map<String, Object>> feeder = Prompts.jsonl(letters()).sequential();

    assertThat(take(feeder, 3)).containsExactly("a", "b", "c");
    assertThat(feeder.hasNext()).isFalse();
    assertThatThrownBy(feeder::next).isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void circular_overTheFile_beginsAgain() throws IOException {
    Iterator<Map<String, Object>> feeder = Prompts.jsonl(letters()).circular();

    assertThat(take(feeder, 7)).containsExactly("a", "b", "c", "a", "b", "c", "a");
    assertThat(feeder.hasNext()).isTrue();
  }

  @Test
  void shuffled_eachPass_isAPermutationThatTheSeedDecides() throws IOException {
    Path file =
        file(
            String.join(
                "\n",
                IntStream.range(0, 20).mapToObj(i -> "{\"prompt\":\"é" + i + "\"}").toList()));
    Prompts prompts = Prompts.jsonl(file);
    Iterator<Map<String, Object>> feeder = prompts.shuffled(1);
    List<Object> first = take(feeder, 20);
    List<Object> second = take(feeder, 20);

    // 20! orders: two equal ones, or the file's own, would be no chance.
    assertThat(first).doesNotHaveDuplicates().hasSize(20).isNotEqualTo(second);
    assertThat(second).containsExactlyInAnyOrderElementsOf(first);
    assertThat(first).isNotEqualTo(take(prompts.sequential(), 20));
    assertThat(take(prompts.shuffled(1), 20)).isEqualTo(first);
    assertThat(take(prompts.shuffled(2), 20)).isNotEqualTo(first);
  }

  @Test
  void record_ofALine_hasItsFieldsAndAnId() throws IOException {
    Path file =
        file(
            "\uFEFF{\"prompt\":\"a\",\"system\":null,\"tags\":[\"x\"],\"tokens\":3}\r\n"
                + "{\"prompt\":\"b\",\"id\":7}");
    Iterator<Map<String, Object>> feeder = Prompts.jsonl(file).sequential();

    assertThat(feeder.next())
        .isEqualTo(Map.of("prompt", "a", "tags", List.of("x"), "tokens", 3, "id", "p.jsonl:1"));
    assertThat(feeder.next()).isEqualTo(Map.of("prompt", "b", "id", "7"));
  }

  @Test
  void feeder_sharedByThreads_givesEachRecordOnce() throws Exception {
    Path file =
        file(
            String.join(
                "\n",
                IntStream.range(0, 400).mapToObj(i -> "{\"prompt\":\"" + i + "\"}").toList()));
    Iterator<Map<String, Object>> feeder = Prompts.jsonl(file).sequential();
    ConcurrentLinkedQueue<Object> seen = new ConcurrentLinkedQueue<>();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      Thread thread = new Thread(() -> seen.addAll(take(feeder, 100)));
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(seen).hasSize(400).doesNotHaveDuplicates();
  }

  @Test
  void lines_beyondTheFirst_areReadOnlyWhenAskedFor() throws IOException {
    Path file = file("{\"prompt\":\"a\"}\nnonsense\n");
    Iterator<Map<String, Object>> feeder = Prompts.jsonl(file).circular();

    assertThat(feeder.next()).containsEntry("prompt", "a");
    assertThatThrownBy(feeder::next)
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith(file + ":2: Expecting a JSON object. Found: Unrecognized token");
  }

  @Test
  void check_aGoodFile_countsItsPrompts() throws IOException {
    assertThat(PromptFile.check(letters())).isEqualTo(3);
  }

  @Test
  void check_aFileWithProblems_namesEachWithItsLine() throws IOException {
    Path file =
        file(
            """
            {"prompt":"a"}
            {"text":"b"}
            [1]
            {"prompt":" "}
            {"prompt":"a","system":1}
            {"prompt":"a"} {}
            """);

    assertThatThrownBy(() -> PromptFile.check(file))
        .isInstanceOfSatisfying(
            ConfigException.class,
            e -> {
              assertThat(e.problems())
                  .startsWith(
                      file + ":2: prompt: Expecting a text that is not blank. Found: nothing.",
                      file + ":3: Expecting a JSON object. Found: [1].",
                      file + ":4: prompt: Expecting a text that is not blank. Found: \" \".",
                      file + ":5: system: Expecting a text. Found: 1.")
                  .hasSize(5);
              assertThat(e.problems().get(4)).startsWith(file + ":6: Expecting a JSON object.");
            });
  }

  @Test
  void check_missingEmptyOrFolder_saysSo() throws IOException {
    Path missing = folder.resolve("none.jsonl");
    Path empty = file("\n \n");

    assertThatThrownBy(() -> PromptFile.check(missing))
        .hasMessage(missing + ": Expecting a file. Found: no such file.");
    assertThatThrownBy(() -> PromptFile.check(empty))
        .hasMessage(empty + ": Expecting at least one prompt. Found: none.");
    assertThatThrownBy(() -> Prompts.jsonl(empty))
        .hasMessage(empty + ": Expecting at least one prompt. Found: none.");
    assertThatThrownBy(() -> Prompts.jsonl(folder))
        .hasMessage(folder + ": Expecting a file. Found: a folder.");
  }

  @Test
  void check_lineTooLongOrNoUtf8_saysSo() throws IOException {
    Path file = file("{\"prompt\":\"" + "x".repeat(10_000_000) + "\"}");
    assertThatThrownBy(() -> PromptFile.check(file))
        .hasMessage(file + ":1: Expecting a line of at most 10000000 bytes. Found: more.");

    byte[] latin1 = "{\"prompt\":\"\u00e9\"}".getBytes(ISO_8859_1);
    Files.write(file, latin1);
    assertThat(latin1).isNotEqualTo("{\"prompt\":\"\u00e9\"}".getBytes(UTF_8));
    assertThatThrownBy(() -> PromptFile.check(file))
        .hasMessage(file + ":1: Expecting UTF-8. Found: other bytes.");
  }

  @Test
  void name_ofAShippedFile_isThatFileAndAnythingElseAPath() {
    assertThat(PromptFile.resolve(folder, "short"))
        .isEqualTo(folder.resolve("feeders/prompts/short.jsonl"));
    assertThat(PromptFile.resolve(folder, "my/own.jsonl"))
        .isEqualTo(folder.resolve("my/own.jsonl"));
    assertThat(PromptFile.resolve(folder, "/abs/own.jsonl")).isEqualTo(Path.of("/abs/own.jsonl"));
  }
}
