package llmload.run;

/**
 * Ends this JVM when the process that started it is gone: a cancelled CI job kills Maven, and the
 * fork it leaves behind must not go on loading the target.
 */
final class ParentWatch {
  private ParentWatch() {}

  static void start() {
    ProcessHandle.current().parent().ifPresent(ParentWatch::watch);
  }

  private static void watch(ProcessHandle parent) {
    var unused = parent.onExit().thenRun(() -> Signals.exitAs("SIGTERM"));
  }
}
