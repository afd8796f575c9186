package llmload.architecture.violations.report;

/** Kit code that is named like a test. */
final class LoadTest {
  private LoadTest() {}
}
