package llmload.telemetry.gpu;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import llmload.telemetry.MissReason;
import llmload.telemetry.PageFetch;
import llmload.telemetry.SourceException;

/** One run of a command-line tool of this machine, for what it prints. */
final class ToolRun {
  private ToolRun() {}

  /**
   * What {@code command} prints, if it ends well within {@code deadline}.
   *
   * @throws SourceException lasting, if there is no such program
   */
  static String output(List<String> command, Duration deadline)
      throws SourceException, InterruptedException {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    } catch (IOException e) {
      throw SourceException.lasting(
          MissReason.NOT_AVAILABLE, "no program " + command.get(0) + " here");
    }
    CompletableFuture<byte[]> output = new CompletableFuture<>();
    Thread reader = new Thread(() -> drain(process, output), "llmload-telemetry-tool");
    reader.setDaemon(true);
    reader.start();
    try {
      byte[] bytes = output.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
      if (bytes.length > PageFetch.LIMIT_BYTES) {
        throw SourceException.passing(
            MissReason.TOO_LARGE, command.get(0) + " prints more than any such tool");
      }
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (TimeoutException e) {
      throw SourceException.passing(
          MissReason.TIMEOUT, command.get(0) + " took more than " + deadline.toMillis() + " ms");
    } catch (ExecutionException e) {
      throw SourceException.passing(MissReason.UNREACHABLE, command.get(0) + ": " + e.getCause());
    } finally {
      process.destroyForcibly();
    }
  }

  private static void drain(Process process, CompletableFuture<byte[]> output) {
    try (InputStream in = process.getInputStream()) {
      output.complete(in.readNBytes(PageFetch.LIMIT_BYTES + 1));
    } catch (IOException e) {
      output.completeExceptionally(e);
    }
  }
}
