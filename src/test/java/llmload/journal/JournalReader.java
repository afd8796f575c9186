package llmload.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Consumer;
import llmload.model.JournalFooter;
import llmload.model.Phase;
import llmload.model.RequestRecord;
import llmload.model.TelemetrySample;
import org.jspecify.annotations.Nullable;

/**
 * Reads a run's journal, whole or cut off at any byte, in one pass and constant memory. Unknown
 * fields are skipped; lines that cannot be read are skipped and counted.
 */
public final class JournalReader {
  private static final int BLOCK_BYTES = 1 << 20;
  private static final int MAX_LINE_BYTES = 1 << 26;

  private JournalReader() {}

  /**
   * Hands each record of {@code requests.jsonl} to {@code sink}, in the order of the file, warm-up
   * included. A footer counts only as the last line.
   *
   * @throws UncheckedIOException with the path, if the file is missing or unreadable
   * @throws IllegalArgumentException with path and line, if a line is of another version
   */
  public static JournalSummary read(Path runFolder, Consumer<RequestRecord> sink) {
    Path file = runFolder.resolve(RunJournal.REQUESTS_FILE);
    RequestLineParser parser = new RequestLineParser();
    JournalFooter footer = null;
    long rowCount = 0;
    long tornCount = 0;
    try (LineSource lines = open(file)) {
      while (lines.advance()) {
        Record line = parse(file, lines, parser::parse);
        footer = null;
        if (line instanceof RequestRecord record) {
          sink.accept(record);
          if (record.phase() == Phase.MEASURE) {
            rowCount++;
          }
        } else if (line instanceof JournalFooter last) {
          footer = last;
        } else {
          tornCount++;
        }
      }
    } catch (IOException e) {
      throw unreadable(file, e);
    }
    return new JournalSummary(footer, rowCount, tornCount);
  }

  /**
   * Hands each sample of {@code telemetry.jsonl} to {@code sink}, in the order of the file.
   *
   * @return the number of samples; 0 if the file is missing
   * @throws UncheckedIOException with the path, if the file is unreadable
   * @throws IllegalArgumentException with path and line, if a line is of another version
   */
  public static long readSamples(Path runFolder, Consumer<TelemetrySample> sink) {
    Path file = runFolder.resolve(RunJournal.TELEMETRY_FILE);
    SampleLineParser parser = new SampleLineParser();
    long sampleCount = 0;
    try (LineSource lines = open(file)) {
      while (lines.advance()) {
        if (parse(file, lines, parser::parse) instanceof TelemetrySample sample) {
          sink.accept(sample);
          sampleCount++;
        }
      }
    } catch (NoSuchFileException e) {
      return 0;
    } catch (IOException e) {
      throw unreadable(file, e);
    }
    return sampleCount;
  }

  private interface Parsing {
    Record parse(byte[] bytes, int start, int length) throws IOException;
  }

  // Null is a line that cannot be read. What the sink throws must not end up here.
  private static @Nullable Record parse(Path file, LineSource lines, Parsing parser) {
    if (lines.overlong()) {
      return null;
    }
    try {
      return parser.parse(lines.bytes(), lines.start(), lines.length());
    } catch (ForeignVersionException e) {
      throw new IllegalArgumentException(
          "%s:%d: Expecting a line of version %d. Found: version %s. Read it with the llmload that wrote it."
              .formatted(file, lines.lineNumber(), JournalLine.VERSION, e.getMessage()),
          e);
    } catch (IOException | IllegalArgumentException e) {
      return null;
    }
  }

  private static LineSource open(Path file) throws IOException {
    return new LineSource(Files.newInputStream(file), BLOCK_BYTES, MAX_LINE_BYTES);
  }

  private static UncheckedIOException unreadable(Path file, IOException e) {
    String found = e instanceof NoSuchFileException ? "no such file" : e.toString();
    return new UncheckedIOException(
        file + ": Expecting a readable journal. Found: " + found + ".", e);
  }
}
