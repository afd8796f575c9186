package llmload.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import llmload.model.ChunkTimeline;
import llmload.model.JournalFooter;
import llmload.model.Outcome;
import llmload.model.Phase;
import llmload.model.RequestRecord;
import llmload.model.ServerTimings;
import llmload.model.Stamps;
import llmload.model.TelemetrySample;
import llmload.model.TokenCountSource;
import llmload.model.TokenUsage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JournalLineTest {
  private static final String FULL_LINE =
      """
      {"v":1,"id":"r-1","scenario":"load","request":"chat","user":3,"turn":2,"phase":"measure",\
      "intendedNanos":1000,"sentNanos":2000,"connectedNanos":1,"headersNanos":2,"firstByteNanos":3,\
      "firstEventNanos":4,"roleNanos":5,"firstReasoningNanos":6,"firstContentNanos":7,\
      "firstToolCallNanos":8,"lastTokenNanos":9,"terminatorNanos":10,"endNanos":11,\
      "chunkGapsMicros":[120,30],"chunkTokens":[1,4],"status":200,"outcome":"SCHEMA",\
      "message":"no \\"name\\"","finishReason":"stop","inputTokens":12,"outputTokens":5,\
      "cachedTokens":8,"reasoningTokens":2,"tokenCountSource":"continuous_usage",\
      "serverLoadNanos":21,"serverPrefillNanos":22,"serverDecodeNanos":23,\
      "schemaValid":false,"bytesReceived":345,"httpVersion":"1.1","session":"s-9",\
      "tags":{"flags":"no_done","kind":"structured"}}
      """;

  static RequestRecord full() {
    return new RequestRecord(
        "r-1",
        "load",
        "chat",
        3,
        2,
        Phase.MEASURE,
        1000L,
        2000,
        new Stamps(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11),
        new ChunkTimeline(new int[] {120, 30}, new int[] {1, 4}),
        200,
        Outcome.SCHEMA,
        "no \"name\"",
        "stop",
        new TokenUsage(12, 5, 8, 2, TokenCountSource.CONTINUOUS_USAGE),
        new ServerTimings(21L, 22L, 23L),
        false,
        345,
        "1.1",
        "s-9",
        Map.of("kind", "structured", "flags", "no_done"));
  }

  static RequestRecord minimal(String id, Phase phase, Outcome outcome) {
    return withMessage(id, phase, outcome, null);
  }

  static RequestRecord ok(String id) {
    return minimal(id, Phase.MEASURE, Outcome.OK);
  }

  private static RequestRecord withMessage(
      String id, Phase phase, Outcome outcome, @Nullable String message) {
    return new RequestRecord(
        id,
        "load",
        "chat",
        1,
        0,
        phase,
        null,
        5,
        Stamps.endedAt(7),
        ChunkTimeline.EMPTY,
        null,
        outcome,
        message,
        null,
        TokenUsage.NONE,
        null,
        0,
        null,
        null,
        Map.of());
  }

  private static String line(RequestRecord record) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    JournalLine.write(record, out);
    return out.toString(UTF_8);
  }

  private static Record parse(String line) throws IOException {
    byte[] bytes = line.getBytes(UTF_8);
    return new RequestLineParser().parse(bytes, 0, bytes.length);
  }

  @Test
  void fullRecord_isWritten_hasEveryFieldInTheStatedOrder() throws IOException {
    assertThat(line(full())).isEqualTo(FULL_LINE);
  }

  @Test
  void fullLine_isRead_givesTheRecordBack() throws IOException {
    assertThat(parse(FULL_LINE)).isEqualTo(full());
  }

  @Test
  void minimalRecord_isWritten_leavesOutWhatWasNotSeen() throws IOException {
    RequestRecord record = minimal("a", Phase.WARMUP, Outcome.CONNECT);

    assertThat(line(record))
        .isEqualTo(
            """
            {"v":1,"id":"a","scenario":"load","request":"chat","user":1,"turn":0,"phase":"warmup",\
            "sentNanos":5,"endNanos":7,"outcome":"CONNECT","bytesReceived":0}
            """);
    assertThat(parse(line(record))).isEqualTo(record);
  }

  @Test
  void hostileText_isWritten_staysOneAsciiLineAndComesBack() throws IOException {
    // Line ends of four kinds, a NUL, an escape sequence, an unpaired surrogate, an emoji, quotes.
    String hostile = "a\nb\r\nc\u0085d\u2028e\u2029f\u0000g\u001b[31mh\ud800i😀\"\\</script>";
    RequestRecord record = withMessage("x\ny", Phase.MEASURE, Outcome.STREAM_ERROR, hostile);

    String line = line(record);

    assertThat(line.indexOf('\n')).isEqualTo(line.length() - 1);
    assertThat(line.chars().filter(c -> c < 0x20 || c > 0x7e)).containsExactly((int) '\n');
    assertThat(parse(line)).isEqualTo(record);
  }

  @Test
  void longTimeline_outgrowsEveryBuffer_andComesBack() throws IOException {
    int[] gaps = new int[100_000];
    Arrays.setAll(gaps, i -> i * 21_474);
    int[] tokens = new int[gaps.length];
    Arrays.fill(tokens, 1);
    RequestRecord record =
        new RequestRecord(
            "long",
            "load",
            "chat",
            1,
            0,
            Phase.MEASURE,
            null,
            0,
            Stamps.endedAt(9),
            new ChunkTimeline(gaps, tokens),
            200,
            Outcome.OK,
            null,
            null,
            TokenUsage.NONE,
            null,
            0,
            null,
            null,
            Map.of());
    LineBuffer out = new LineBuffer();
    JournalLine.write(record, out);

    assertThat(out.size()).isGreaterThan(1_000_000);
    assertThat(new RequestLineParser().parse(out.asByteBuffer().array(), 0, out.size()))
        .isEqualTo(record);
  }

  @Test
  void footer_isWritten_namesInterruptionOnlyWhereThereIsOne() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    JournalFooter whole = new JournalFooter(10, 8, 5, 2, 1, 2, 0, null);
    JournalFooter cut = new JournalFooter(10, 8, 5, 2, 1, 2, 3, "SIGTERM");
    JournalLine.write(whole, out);
    JournalLine.write(cut, out);

    String[] lines = out.toString(UTF_8).split("\n", -1);
    assertThat(lines)
        .containsExactly(
            "{\"footer\":true,\"planned\":10,\"started\":8,\"ok\":5,\"failed\":2,"
                + "\"incomplete\":1,\"dropped\":2,\"lost\":0}",
            "{\"footer\":true,\"planned\":10,\"started\":8,\"ok\":5,\"failed\":2,"
                + "\"incomplete\":1,\"dropped\":2,\"lost\":3,\"interruptedBy\":\"SIGTERM\"}",
            "");
    assertThat(parse(lines[0])).isEqualTo(whole);
    assertThat(parse(lines[1])).isEqualTo(cut);
  }

  @Test
  void sample_isWritten_leavesOutNumbersThatAreNone() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    JournalLine.write(
        new TelemetrySample(
            "gpu",
            42,
            Map.of("powerWatts", 71.5, "usedRatio", Double.NaN, "clockHertz", 1.5e9),
            Map.of("index", "0")),
        out);

    String line = out.toString(UTF_8);
    assertThat(line)
        .isEqualTo(
            """
            {"v":1,"source":"gpu","atNanos":42,\
            "values":{"clockHertz":1.5E9,"powerWatts":71.5},"labels":{"index":"0"}}
            """);
    byte[] bytes = line.getBytes(UTF_8);
    assertThat(new SampleLineParser().parse(bytes, 0, bytes.length))
        .isEqualTo(
            new TelemetrySample(
                "gpu", 42, Map.of("powerWatts", 71.5, "clockHertz", 1.5e9), Map.of("index", "0")));
  }
}
