package llmload.architecture.violations.protocol.internal;

import io.gatling.core.Predef$;

/** Inside the bridge Gatling's internals are allowed. */
final class Bridge {
  private Bridge() {}

  static Object gatling() {
    return Predef$.MODULE$;
  }
}
