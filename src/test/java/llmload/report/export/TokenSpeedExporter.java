package llmload.report.export;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import llmload.metrics.TokenSpeedCall;
import llmload.metrics.TokenSpeedCalls;
import llmload.model.RunManifest;
import llmload.model.RunReport;
import llmload.model.TargetServer;
import org.jspecify.annotations.Nullable;

/**
 * PyAgent's {@code token_generation_benchmark.json}: one result a call, in the order of sending.
 *
 * <p>Its field {@code latency_per_token_ms} divides by input and output tokens, as PyAgent does. It
 * has three fields more: {@code latency_per_output_token_ms}, {@code throughput_per_item} and
 * {@code token_count_source}.
 */
final class TokenSpeedExporter implements Exporter {
  static final String ID = "token_generation_benchmark";

  private static final JsonFactory JSON = new JsonFactory();
  private static final double NANOS_PER_SECOND = 1e9;

  @Override
  public String id() {
    return ID;
  }

  @Override
  public void write(RunReport report, JournalRecords records, Path folder) throws IOException {
    List<TokenSpeedCall> calls = new ArrayList<>();
    TokenSpeedCalls joined = new TokenSpeedCalls(calls::add);
    records.forEachRequest(joined::accept);
    joined.finish();
    calls.sort(
        Comparator.comparingLong(TokenSpeedCall::sentNanos).thenComparing(TokenSpeedCall::test));
    RunManifest manifest = report.manifest();
    Path file = folder.resolve(ID + ".json");
    try (JsonGenerator out = JSON.createGenerator(file.toFile(), JsonEncoding.UTF8)) {
      out.enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN);
      out.useDefaultPrettyPrinter();
      out.writeStartObject();
      Instant end = manifest.endedAt();
      out.writeNumberField("timestamp", epochSeconds(end == null ? manifest.startedAt() : end));
      long passed = calls.stream().filter(TokenSpeedCall::isOk).count();
      out.writeNumberField("total_tests", calls.size());
      out.writeNumberField("successful_tests", passed);
      out.writeNumberField("failed_tests", calls.size() - passed);
      out.writeArrayFieldStart("results");
      for (TokenSpeedCall call : calls) {
        result(out, call, manifest);
      }
      out.writeEndArray();
      out.writeEndObject();
    }
  }

  private static void result(JsonGenerator out, TokenSpeedCall call, RunManifest manifest)
      throws IOException {
    Long ttft = call.ttftNanos();
    OptionalDouble speed = call.tokensPerSecond();
    out.writeStartObject();
    text(out, "test_name", call.test());
    text(out, "backend", call.endpoint() == null ? backend(manifest.target()) : call.endpoint());
    text(out, "model_name", call.model() == null ? manifest.target().model() : call.model());
    number(out, "total_duration_sec", call.seconds());
    number(
        out,
        "time_to_first_token_sec",
        ttft == null ? OptionalDouble.empty() : OptionalDouble.of(ttft / NANOS_PER_SECOND));
    count(out, "total_tokens", call.totalTokens());
    Long input = call.inputTokenCount();
    count(out, "input_tokens", input == null ? OptionalLong.empty() : OptionalLong.of(input));
    count(out, "output_tokens", call.outputTokens());
    number(out, "tokens_per_second", speed);
    number(out, "tokens_per_second_output_only", call.outputTokensPerSecond());
    number(out, "latency_per_token_ms", call.millisPerToken());
    out.writeBooleanField("success", call.isOk());
    text(out, "error_message", call.problem());
    out.writeBooleanField("streaming", call.streamed());
    out.writeNumberField("batch_size", call.plannedCount());
    Instant ended = manifest.startedAt().plusNanos(call.endedNanos());
    out.writeNumberField("timestamp", epochSeconds(ended));
    number(out, "latency_per_output_token_ms", call.millisPerOutputToken());
    number(
        out,
        "throughput_per_item",
        speed.isPresent()
            ? OptionalDouble.of(speed.getAsDouble() / call.plannedCount())
            : OptionalDouble.empty());
    text(
        out,
        "token_count_source",
        call.source() == null ? null : call.source().name().toLowerCase(Locale.ROOT));
    out.writeEndObject();
  }

  /** A run of one server has no label for it: its engine where it is the embedded one. */
  private static String backend(TargetServer target) {
    if (target.engine() != null) {
      return target.engine();
    }
    try {
      String authority = URI.create(target.baseUrl()).getAuthority();
      return authority == null ? target.baseUrl() : authority;
    } catch (IllegalArgumentException e) {
      return target.baseUrl();
    }
  }

  /** Seconds since 1970, to the microsecond. */
  private static BigDecimal epochSeconds(Instant moment) {
    return BigDecimal.valueOf(ChronoUnit.MICROS.between(Instant.EPOCH, moment), 6);
  }

  private static void text(JsonGenerator out, String field, @Nullable String value)
      throws IOException {
    if (value == null) {
      out.writeNullField(field);
    } else {
      out.writeStringField(field, value);
    }
  }

  private static void number(JsonGenerator out, String field, OptionalDouble value)
      throws IOException {
    if (value.isPresent()) {
      out.writeNumberField(field, value.getAsDouble());
    } else {
      out.writeNullField(field);
    }
  }

  private static void count(JsonGenerator out, String field, OptionalLong value)
      throws IOException {
    if (value.isPresent()) {
      out.writeNumberField(field, value.getAsLong());
    } else {
      out.writeNullField(field);
    }
  }
}
