package llmload.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import llmload.testing.ChatScripts;
import llmload.testing.FinishedRun;
import llmload.testing.RunProcess;
import llmload.testing.Script;
import llmload.testing.ScriptedServer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A concurrency that was asked for is one that the server sees. */
class OpenRequestsIT {
  private static final int USERS = 75;

  @TempDir private Path results;

  /** A server that answers nobody before so many wait for it at once. */
  private static final class Crowd {
    private final CountDownLatch missing = new CountDownLatch(USERS);
    private final AtomicInteger servedAlone = new AtomicInteger();

    Script script() {
      Script answer = ChatScripts.paced(Duration.ofMillis(1));
      return request -> {
        if (request.method().equals("POST")) {
          missing.countDown();
          if (!awaited()) {
            servedAlone.incrementAndGet();
          }
        }
        return answer.stepsFor(request);
      };
    }

    private boolean awaited() {
      try {
        return missing.await(60, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"LoadSimulation", "BatchSimulation"})
  void concurrency75_reaches75OpenRequests(String simulation) {
    Crowd crowd = new Crowd();
    try (ScriptedServer server = ScriptedServer.start(crowd.script())) {
      FinishedRun run =
          RunProcess.in(results)
              .simulation("llmload.simulations." + simulation)
              .set("baseUrl", server.baseUrl())
              .set("users", USERS)
              .set("requests", USERS)
              .set("warmUp", 0)
              .finish();

      assertThat(crowd.servedAlone).as(run.console()).hasValue(0);
      assertThat(run.exitCode()).as(run.console()).isZero();
      assertThat(run.count("ok")).isEqualTo(USERS);
      assertThat(server.posts()).isEqualTo(USERS);
    }
  }
}
