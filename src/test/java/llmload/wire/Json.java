package llmload.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** The JSON readers of this package, limited so that no body can exhaust stack or heap. */
final class Json {
  /** Real answers nest less than ten deep. */
  static final int MAX_DEPTH = 200;

  /** An answer in one piece may be one long string. */
  static final int MAX_BODY_BYTES = 64 << 20;

  // Names are not interned: a hostile server could fill the JVM's string table with them.
  static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxStringLength(MAX_BODY_BYTES)
                  .build())
          .configure(JsonFactory.Feature.INTERN_FIELD_NAMES, false)
          .build();

  static final JsonMapper MAPPER =
      JsonMapper.builder(FACTORY).enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private Json() {}
}
