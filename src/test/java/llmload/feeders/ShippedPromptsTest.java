package llmload.feeders;

import static org.assertj.core.api.Assertions.assertThat;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The prompts that ship keep their promises: how many, how long, and no two alike. */
class ShippedPromptsTest {
  private static final Encoding CL100K =
      Encodings.newDefaultEncodingRegistry().getEncoding(EncodingType.CL100K_BASE);

  private static List<Map<String, Object>> read(String name) {
    Path file = PromptFile.resolve(Path.of(""), name);
    List<Map<String, Object>> records = new ArrayList<>();
    Iterator<Map<String, Object>> feeder = Prompts.jsonl(file).sequential();
    feeder.forEachRemaining(records::add);
    assertThat(PromptFile.check(file)).isEqualTo(records.size());
    return records;
  }

  @ParameterizedTest
  @CsvSource({"short,40,10,20", "medium,24,50,100", "long,12,200,400", "code,16,20,120"})
  void prompts_ofAFile_haveTheNumberAndLengths(
      String name, int leastCount, int leastTokens, int mostTokens) {
    List<Map<String, Object>> records = read(name);

    assertThat(records).hasSizeGreaterThanOrEqualTo(leastCount);
    assertThat(records)
        .allSatisfy(
            record ->
                assertThat(CL100K.countTokensOrdinary(String.valueOf(record.get("prompt"))))
                    .as("%s", record.get("id"))
                    .isBetween(leastTokens, mostTokens));
  }

  @Test
  void prompts_ofAllFiles_areAllDifferent() {
    List<Map<String, Object>> all =
        Stream.of("short", "medium", "long", "code").flatMap(name -> read(name).stream()).toList();

    assertThat(all).extracting(record -> record.get("prompt")).doesNotHaveDuplicates();
    assertThat(all).extracting(record -> record.get("id")).doesNotHaveDuplicates();
    // Different from their first words on, so that one file alone does not feed a prefix cache.
    assertThat(all)
        .extracting(record -> String.valueOf(record.get("prompt")).substring(0, 20))
        .doesNotHaveDuplicates();
  }
}
