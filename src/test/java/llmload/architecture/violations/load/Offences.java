package llmload.architecture.violations.load;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.gatling.core.Predef$;
import java.time.Clock;
import java.util.function.LongSupplier;
import org.assertj.core.api.Assertions;

/** Each method does one thing that the package may not. */
public final class Offences {
  private Offences() {}

  /** Reads the wall clock. */
  public static long wallClock() {
    return System.currentTimeMillis();
  }

  static LongSupplier clockByReference() {
    return System::nanoTime;
  }

  static Clock systemClock() {
    return Clock.systemUTC();
  }

  static void print() {
    System.out.println("not here");
  }

  static void exit() {
    System.exit(1);
  }

  static void sleep() throws InterruptedException {
    Thread.sleep(1);
  }

  static ObjectMapper jackson() {
    return new ObjectMapper();
  }

  static Object gatling() {
    return Predef$.MODULE$;
  }

  static void testLibrary() {
    Assertions.assertThat(wallClock()).isPositive();
  }
}
