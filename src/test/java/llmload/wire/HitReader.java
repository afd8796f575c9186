package llmload.wire;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the hits of a search answer. */
interface HitReader {
  /** The ids of the hits, in the answer's order; {@code null} if it is no search answer. */
  @Nullable List<String> ids(JsonNode answer);

  /** Why an answer does not tell of the whole index; {@code null} if it does. */
  @Nullable String partial(JsonNode answer);
}
