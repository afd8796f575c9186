package llmload.feeders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import llmload.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SearchCaseFileTest {
  @TempDir private Path folder;

  private Path file(String... lines) throws IOException {
    return Files.write(folder.resolve("truth.jsonl"), List.of(lines));
  }

  @Test
  void read_vectorsAndIds_keepsAsManyIdsAsAreAskedFor() throws IOException {
    List<SearchCase> cases =
        SearchCaseFile.read(
            file(
                "{\"vector\":[1,-0.5],\"ids\":[\"a\",\"b\",\"c\"]}",
                "",
                "{\"vector\":[0,2],\"ids\":[7,8]}"),
            2);

    assertThat(cases).hasSize(2);
    assertThat(cases.get(0).vector()).containsExactly(1, -0.5f);
    assertThat(cases.get(0).exactIds()).containsExactly("a", "b");
    assertThat(cases.get(1).exactIds()).containsExactly("7", "8");
  }

  @Test
  void read_brokenLines_tellsEachWithItsLine() throws IOException {
    Path file =
        file(
            "{\"vector\":[1,2],\"ids\":[1]}",
            "nothing",
            "{\"vector\":[1,2,3],\"ids\":[1]}",
            "{\"vector\":[1,\"x\"],\"ids\":[1]}",
            "{\"vector\":[1,2],\"ids\":[]}");

    assertThatThrownBy(() -> SearchCaseFile.read(file, 1))
        .isInstanceOfSatisfying(
            ConfigException.class,
            e ->
                assertThat(e.problems())
                    .containsExactly(
                        file + ":2: Expecting a JSON object. Found: other text.",
                        file + ":3: vector: Expecting 2 numbers, as before. Found: 3 numbers.",
                        file + ":4: vector: Expecting an array of numbers. Found: \"x\".",
                        file
                            + ":5: ids: Expecting at least 1 ids, as many as each search asks for."
                            + " Found: 0 ids."));
  }

  @Test
  void read_nothing_isToldToo() throws IOException {
    Path empty = file();
    assertThatThrownBy(() -> SearchCaseFile.read(empty, 1))
        .hasMessageContaining("Expecting at least one search. Found: none.");
  }
}
