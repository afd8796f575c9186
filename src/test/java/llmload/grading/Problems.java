package llmload.grading;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import llmload.config.ConfigException;
import org.jspecify.annotations.Nullable;

/** All that is wrong with one input, gathered so that it is told at once. */
final class Problems {
  private final String prefix;
  private final List<String> found = new ArrayList<>();

  /** Problems of an input that each sentence names first, for example {@code a.yaml: }. */
  Problems(String prefix) {
    this.prefix = prefix;
  }

  void add(String where, String rule, @Nullable Object value) {
    add(where, rule, value, "");
  }

  void add(String where, String rule, @Nullable Object value, String remedy) {
    String shown =
        value == null ? "nothing" : value instanceof String s && s.isEmpty() ? "''" : "" + value;
    found.add(prefix + where + ": Expecting " + rule + ". Found: " + shown + "." + remedy);
  }

  /** One problem for each of {@code keys} that is not {@code known}. */
  void unknownKeys(String where, Collection<?> keys, Set<String> known) {
    for (Object key : keys) {
      if (!known.contains(String.valueOf(key))) {
        String rule = "one of " + String.join(", ", known.stream().sorted().toList());
        String place = where.isEmpty() ? "unknown key" : where + ", unknown key";
        add(place, rule, key, NearestWord.hint(String.valueOf(key), known));
      }
    }
  }

  int count() {
    return found.size();
  }

  void throwIfAny() {
    if (!found.isEmpty()) {
      throw new ConfigException(found);
    }
  }
}
