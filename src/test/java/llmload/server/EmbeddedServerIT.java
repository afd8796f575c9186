package llmload.server;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import llmload.server.engine.simulated.SimulatedSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The server in a process of its own. */
@Timeout(60)
class EmbeddedServerIT {
  @TempDir Path temporary;

  /** What the process runs. */
  static final class Child {
    private Child() {}

    @SuppressWarnings("SystemOut")
    public static void main(String[] args) {
      ServerSettings settings = ServerSettings.defaults().withPort(Integer.parseInt(args[0]));
      System.exit(
          EmbeddedServer.run(
              settings, args[1], SimulatedSettings.of(Map.of()), null, System.out, true));
    }
  }

  private Process start(int port, String engine) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return new ProcessBuilder(
            List.of(
                java,
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                Integer.toString(port),
                engine))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  @Test
  void process_started_saysWhereItListensAndEndsWithItsInput() throws Exception {
    Process process = start(0, "llama");
    try (BufferedReader out = process.inputReader()) {
      String line = out.readLine();
      assertThat(line)
          .matches(
              "llmload: listening on http://127\\.0\\.0\\.1:\\d+ engine=llama model=tiny-kjv pid="
                  + process.pid());
      URI health = URI.create(line.replaceFirst(".* on (\\S+) .*", "$1") + "/health");
      assertThat(
              HttpClient.newHttpClient()
                  .send(HttpRequest.newBuilder(health).build(), BodyHandlers.ofString())
                  .statusCode())
          .isEqualTo(200);

      process.outputWriter().close();

      assertThat(process.waitFor(20, SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
      assertThat(out.readLine()).isNull();
      assertThat(temporary).isEmptyDirectory();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void process_toldToEnd_endsThoughTheEngineRuns() throws Exception {
    Process process = start(0, "llama");
    try (BufferedReader out = process.inputReader()) {
      assertThat(out.readLine()).startsWith("llmload: listening on ");

      process.destroy();

      assertThat(process.waitFor(20, SECONDS)).isTrue();
      // 128 + 15: ended by SIGTERM.
      assertThat(process.exitValue()).isEqualTo(143);
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void process_portInUse_saysSoAndExits5() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Process process = start(taken.getLocalPort(), "llama");
      try (BufferedReader out = process.inputReader()) {
        assertThat(out.readLine())
            .startsWith(
                "llmload: port: Expecting a free port on 127.0.0.1. Found: "
                    + taken.getLocalPort()
                    + ", ");
        assertThat(out.readLine()).isNull();
        assertThat(process.waitFor()).isEqualTo(5);
      }
    }
  }

  @Test
  void process_unknownEngine_saysSoAndExits5() throws Exception {
    Process process = start(0, "warp");
    try (BufferedReader out = process.inputReader()) {
      assertThat(out.readLine())
          .isEqualTo("llmload: engine: Expecting one of llama, simulated. Found: warp.");
      assertThat(process.waitFor()).isEqualTo(5);
    }
  }
}
