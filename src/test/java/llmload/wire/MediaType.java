package llmload.wire;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The types of body that answers come in; without parameters and in lower case. */
final class MediaType {
  private static final Set<String> NDJSON =
      Set.of(
          "application/x-ndjson",
          "application/ndjson",
          "application/jsonl",
          "application/x-jsonlines");

  private MediaType() {}

  /** The bare type of a header; empty if there is none. */
  static String of(@Nullable String header) {
    if (header == null) {
      return "";
    }
    int end = header.indexOf(';');
    return (end < 0 ? header : header.substring(0, end)).strip().toLowerCase(Locale.ROOT);
  }

  static boolean isEventStream(String type) {
    return type.equals("text/event-stream");
  }

  static boolean isNdjson(String type) {
    return NDJSON.contains(type);
  }

  static boolean isJson(String type) {
    return type.equals("application/json") || type.endsWith("+json");
  }
}
