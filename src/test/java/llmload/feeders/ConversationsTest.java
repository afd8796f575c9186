package llmload.feeders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import llmload.config.ConfigException;
import llmload.schema.SchemaShape;
import llmload.schema.SchemaValidator;
import llmload.schema.Schemas;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConversationsTest {
  @TempDir private Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("c.jsonl"), text);
  }

  @ParameterizedTest
  @CsvSource({"short,3,3", "medium,5,2", "long,8,2"})
  void shipped_conversation_hasItsTurns(String name, int turnCount, int leastCount) {
    Path file = Conversations.resolve(Path.of(""), name);
    Iterator<Map<String, Object>> feeder = Conversations.jsonl(file).circular();
    Set<Object> firstTurns = new HashSet<>();

    for (int i = 0; i < leastCount; i++) {
      Map<String, Object> record = feeder.next();
      assertThat(turns(record)).hasSize(turnCount).doesNotHaveDuplicates();
      assertThat(String.valueOf(record.get("system"))).isNotBlank();
      firstTurns.add(turns(record).get(0));
    }
    assertThat(firstTurns).hasSize(leastCount);
    assertThat(Conversations.jsonl(file).longestTurnCount()).isEqualTo(turnCount);
  }

  private static List<?> turns(Map<String, Object> record) {
    return (List<?>) Objects.requireNonNull(record.get("turns"));
  }

  @Test
  void records_overAndOver_areNamedApart() throws IOException {
    Iterator<Map<String, Object>> feeder =
        Conversations.jsonl(
                file(
                    "{\"id\":\"a\",\"system\":\"s\",\"turns\":[\"1\",\"2\"]}\n\n{\"turns\":[\"3\"]}"))
            .circular();

    assertThat(feeder.next())
        .isEqualTo(Map.of("conversation", "a#1", "system", "s", "turns", List.of("1", "2")));
    assertThat(feeder.next())
        .isEqualTo(Map.of("conversation", "c.jsonl:3#2", "system", "", "turns", List.of("3")));
    assertThat(feeder.next()).containsEntry("conversation", "a#3");
  }

  @Test
  void file_withProblems_namesEachLine() throws IOException {
    Path file =
        file(
            """
            {"turns":["a"]}
            {"turns":[]}
            {"turns":"a"}
            {"turns":["a",1]}
            {"turns":["a"],"system":1}
            nothing
            """);

    assertThatThrownBy(() -> Conversations.jsonl(file))
        .isInstanceOfSatisfying(
            ConfigException.class,
            e ->
                assertThat(e.problems())
                    .hasSize(5)
                    .startsWith(
                        file + ":2: turns: Expecting a list of at least one text. Found: none.",
                        file + ":3: turns: Expecting a list of at least one text. Found: none.",
                        file + ":4: turns: Expecting texts that are not blank. Found: 1.",
                        file + ":5: system: Expecting a text. Found: 1."));
    Path empty = file("\n");
    assertThatThrownBy(() -> Conversations.jsonl(empty))
        .hasMessage(empty + ": Expecting at least one conversation. Found: none.");
  }

  @Test
  void schemas_fed_comeInTurnAndAreFresh() {
    SchemaFeeder feeder =
        new SchemaFeeder(new Schemas(1, "run", 2), List.of(SchemaShape.NESTED, SchemaShape.ARRAY));
    List<Map<String, Object>> records = Stream.generate(feeder::next).limit(4).toList();

    assertThat(records)
        .extracting(record -> record.get("schemaShape"))
        .containsExactly("nested", "array", "nested", "array");
    assertThat(records).extracting(record -> record.get("schema")).doesNotHaveDuplicates();
    assertThat(records.get(1))
        .containsEntry("itemCount", 2)
        .containsEntry("arrayPointer", "/users_" + records.get(1).get("schemaId"));
    assertThat(SchemaValidator.of(String.valueOf(records.get(0).get("schema"))).validate("{}"))
        .isNotEmpty();
  }
}
