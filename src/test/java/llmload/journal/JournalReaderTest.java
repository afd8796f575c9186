package llmload.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import llmload.model.JournalFooter;
import llmload.model.Outcome;
import llmload.model.Phase;
import llmload.model.RequestRecord;
import llmload.model.TelemetrySample;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalReaderTest {
  private static final JournalFooter FOOTER = new JournalFooter(2, 2, 1, 1, 0, 0, 0, null);

  @TempDir Path folder;

  private static byte[] bytes(RequestRecord... records) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (RequestRecord record : records) {
      JournalLine.write(record, out);
    }
    return out.toByteArray();
  }

  /** A warm-up line, two measured ones and the footer. */
  private static byte[] journal() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(
        bytes(
            JournalLineTest.minimal("w", Phase.WARMUP, Outcome.OK),
            JournalLineTest.ok("a"),
            JournalLineTest.full()));
    JournalLine.write(FOOTER, out);
    return out.toByteArray();
  }

  private JournalSummary read(byte[] journal, List<RequestRecord> into) throws IOException {
    Files.write(folder.resolve(RunJournal.REQUESTS_FILE), journal);
    return JournalReader.read(folder, into::add);
  }

  private JournalSummary read(String journal) throws IOException {
    return read(journal.getBytes(UTF_8), new ArrayList<>());
  }

  @Test
  void wholeJournal_isRead_givesEveryRecordInOrderAndCountsMeasuredRows() throws IOException {
    List<RequestRecord> records = new ArrayList<>();

    JournalSummary summary = read(journal(), records);

    assertThat(summary).isEqualTo(new JournalSummary(FOOTER, 2, 0));
    assertThat(records)
        .containsExactly(
            JournalLineTest.minimal("w", Phase.WARMUP, Outcome.OK),
            JournalLineTest.ok("a"),
            JournalLineTest.full());
  }

  @Test
  void journalCutAtAnyByte_isRead_keepsEveryWholeLineAndCountsTheTornOne() throws IOException {
    byte[] whole = journal();
    int[] lineEnds = new int[4];
    int lines = 0;
    for (int i = 0; i < whole.length; i++) {
      if (whole[i] == '\n') {
        lineEnds[lines++] = i;
      }
    }
    for (int cut = 0; cut <= whole.length; cut++) {
      List<RequestRecord> records = new ArrayList<>();
      JournalSummary summary = read(Arrays.copyOf(whole, cut), records);
      // A line is whole once its closing brace is there, with or without its line feed.
      int wholeLines = 0;
      boolean torn = cut > 0;
      for (int end : lineEnds) {
        if (cut >= end) {
          wholeLines++;
        }
        torn &= cut != end && cut != end + 1;
      }
      assertThat(records).as("cut at %d", cut).hasSize(Math.min(3, wholeLines));
      assertThat(summary.tornCount()).as("cut at %d", cut).isEqualTo(torn ? 1 : 0);
      assertThat(summary.footer() != null).as("cut at %d", cut).isEqualTo(wholeLines == 4);
    }
  }

  @Test
  void deletedLine_isNoticed_byRowsAgainstFooter() throws IOException {
    String[] lines = new String(journal(), UTF_8).split("(?<=\n)", -1);

    JournalSummary summary = read(lines[0] + lines[2] + lines[3]);

    assertThat(summary).isEqualTo(new JournalSummary(FOOTER, 1, 0));
    assertThat(FOOTER.startedCount()).isEqualTo(2);
  }

  @Test
  void brokenLinesInside_areCounted_restIsRead() throws IOException {
    String good = new String(bytes(JournalLineTest.ok("a")), UTF_8);
    List<RequestRecord> records = new ArrayList<>();
    String broken =
        good.replace("\"endNanos\":7,", "")
            + good.replace("\"OK\"", "\"GREAT\"")
            + good.replace("\"user\":1", "\"user\":\"one\"")
            + good.replace("\"user\":1", "\"user\":99999999999")
            + good.replace(
                "\"outcome\"", "\"chunkGapsMicros\":[1,2],\"chunkTokens\":[1],\"outcome\"")
            + good.trim()
            + good
            + "\n[1]\nnull\n\u0000\u0000\n{\"footer\":true}\n";

    JournalSummary summary = read((good + broken + good).getBytes(UTF_8), records);

    assertThat(summary).isEqualTo(new JournalSummary(null, 2, 11));
    assertThat(records).containsExactly(JournalLineTest.ok("a"), JournalLineTest.ok("a"));
  }

  @Test
  void unknownAndNullFields_areSkipped() throws IOException {
    String good = new String(bytes(JournalLineTest.ok("a")), UTF_8);
    List<RequestRecord> records = new ArrayList<>();
    String newer =
        good.replace("{\"v\":1,", "{\"new\":{\"id\":[1,{\"v\":7}]},\"v\":1,\"message\":null,");

    assertThat(read(newer.getBytes(UTF_8), records)).isEqualTo(new JournalSummary(null, 1, 0));
    assertThat(records).containsExactly(JournalLineTest.ok("a"));
  }

  @Test
  void footerThatIsNotLast_isNone() throws IOException {
    String whole = new String(journal(), UTF_8);

    assertThat(read(whole + new String(bytes(JournalLineTest.ok("z")), UTF_8)))
        .isEqualTo(new JournalSummary(null, 3, 0));
    assertThat(read(whole + "{\"v\":1,\"id\"")).isEqualTo(new JournalSummary(null, 2, 1));
  }

  @Test
  void otherVersion_isAnErrorWithPathAndLine() throws IOException {
    String good = new String(bytes(JournalLineTest.ok("a")), UTF_8);
    Path file = folder.resolve(RunJournal.REQUESTS_FILE);

    assertThatThrownBy(() -> read(good + good.replace("\"v\":1", "\"v\":2")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            file
                + ":2: Expecting a line of version 1. Found: version 2."
                + " Read it with the llmload that wrote it.");
  }

  @Test
  void sinkThatThrows_isNotTakenForABrokenLine() throws IOException {
    Files.write(folder.resolve(RunJournal.REQUESTS_FILE), journal());

    assertThatThrownBy(
            () ->
                JournalReader.read(
                    folder,
                    record -> {
                      throw new IllegalArgumentException("mine");
                    }))
        .hasMessage("mine");
  }

  @Test
  void missingRequests_isAnErrorWithThePath() {
    assertThatThrownBy(() -> JournalReader.read(folder, record -> {}))
        .isInstanceOf(UncheckedIOException.class)
        .hasCauseInstanceOf(NoSuchFileException.class)
        .hasMessage(
            folder.resolve("requests.jsonl")
                + ": Expecting a readable journal. Found: no such file.");
  }

  @Test
  void samples_areReadInOrder_tornOnesAreSkipped() throws IOException {
    Files.writeString(
        folder.resolve(RunJournal.TELEMETRY_FILE),
        """
        {"v":1,"source":"injector","atNanos":1,"values":{"activeCount":4}}
        {"v":1,"source":"inj
        {"v":1,"source":"host","atNanos":2,"values":{"cpuRatio":0.5},"labels":{"core":"1"}}
        {"v":1,"source":"host","atNa""");
    List<TelemetrySample> samples = new ArrayList<>();

    assertThat(JournalReader.readSamples(folder, samples::add)).isEqualTo(2);
    assertThat(samples)
        .containsExactly(
            new TelemetrySample("injector", 1, Map.of("activeCount", 4.0), Map.of()),
            new TelemetrySample("host", 2, Map.of("cpuRatio", 0.5), Map.of("core", "1")));
  }

  @Test
  void missingTelemetry_isNoSample() {
    assertThat(JournalReader.readSamples(folder, sample -> {})).isZero();
  }
}
