package llmload.architecture.violations.schema;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A test whose name no build looks for. */
class SchemaChecks {
  @Test
  void one_isOne() {
    assertThat("1").hasSize(1);
  }
}
