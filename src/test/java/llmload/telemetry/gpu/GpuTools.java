package llmload.telemetry.gpu;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import llmload.telemetry.MissReason;
import llmload.telemetry.Reading;
import llmload.telemetry.SourceException;
import llmload.telemetry.TelemetrySource;
import org.jspecify.annotations.Nullable;

/** The GPUs of this machine by their vendors' command-line tools. */
public final class GpuTools {
  private static final Pattern COLUMN = Pattern.compile("\"([a-z0-9_.]+)\"");

  private GpuTools() {}

  /**
   * NVIDIA's, by a tool that goes on printing.
   *
   * @param program {@code nvidia-smi} or its path
   * @param nanos the sampler's clock
   */
  public static TelemetrySource nvidiaSmi(String program, Duration interval, LongSupplier nanos) {
    return new NvidiaSmi(program, interval, nanos);
  }

  /**
   * AMD's, by a tool that is run for each look: it has no use of printing on.
   *
   * @param program {@code amd-smi} or its path
   */
  public static TelemetrySource amdSmi(String program) {
    return new AmdSmi(program);
  }

  /**
   * Intel's, by a tool that goes on printing.
   *
   * @param program {@code xpu-smi} or its path
   * @param nanos the sampler's clock
   */
  public static TelemetrySource xpuSmi(String program, Duration interval, LongSupplier nanos) {
    List<String> command =
        List.of(
            program,
            "dump",
            "-d",
            "-1",
            "--metrics",
            XpuSmiParser.METRICS,
            "--loop-ms",
            Long.toString(interval.toMillis()));
    return new StreamingTool("gpu " + program, command, () -> new XpuSmiParser()::parse, nanos);
  }

  private record AmdSmi(String program) implements TelemetrySource {
    @Override
    public String name() {
      return "gpu " + program;
    }

    @Override
    public List<Reading> read(Duration deadline) throws SourceException, InterruptedException {
      return AmdSmiParser.parse(ToolRun.output(List.of(program, "metric", "--json"), deadline));
    }
  }

  /** Asks first which columns the driver knows, since one that it does not fails them all. */
  private static final class NvidiaSmi implements TelemetrySource {
    private final String program;
    private final Duration interval;
    private final LongSupplier nanos;
    private @Nullable StreamingTool tool;

    NvidiaSmi(String program, Duration interval, LongSupplier nanos) {
      this.program = program;
      this.interval = interval;
      this.nanos = nanos;
    }

    @Override
    public String name() {
      return "gpu " + program;
    }

    @Override
    public List<Reading> read(Duration deadline) throws SourceException, InterruptedException {
      StreamingTool running = tool;
      if (running == null) {
        List<String> columns =
            columns(ToolRun.output(List.of(program, "--help-query-gpu"), deadline));
        List<String> command =
            List.of(
                program,
                "--query-gpu=" + String.join(",", columns),
                "--format=csv",
                "-lms",
                Long.toString(interval.toMillis()));
        running = new StreamingTool(name(), command, NvidiaSmiParser::new, nanos);
        tool = running;
      }
      return running.read(deadline);
    }

    private static List<String> columns(String help) throws SourceException {
      Set<String> known = new LinkedHashSet<>();
      Matcher column = COLUMN.matcher(help);
      while (column.find()) {
        known.add(column.group(1));
      }
      List<String> columns = new ArrayList<>(NvidiaSmiParser.COLUMNS);
      columns.removeIf(name -> !known.contains(name));
      if (!columns.contains("uuid")) {
        throw SourceException.passing(
            MissReason.NOT_METRICS, "nvidia-smi names no columns to ask for");
      }
      if (columns.contains("clocks_event_reasons.active")) {
        columns.remove("clocks_throttle_reasons.active");
      }
      return columns;
    }

    @Override
    public void close() {
      StreamingTool running = tool;
      if (running != null) {
        running.close();
      }
    }
  }
}
