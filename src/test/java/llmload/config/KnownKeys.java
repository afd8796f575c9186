package llmload.config;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The names of the settings that exist, without prefix. One that ends in {@code .*} stands for all
 * below it.
 */
final class KnownKeys {
  private static final String WILDCARD = ".*";

  private final TreeSet<String> keys = new TreeSet<>();
  private final TreeSet<String> prefixes = new TreeSet<>();
  private final TreeSet<String> maps = new TreeSet<>();

  void add(String key) {
    if (key.endsWith(WILDCARD)) {
      prefixes.add(key.substring(0, key.length() - 1));
    } else {
      keys.add(key);
    }
  }

  boolean contains(String key) {
    return keys.contains(key) || prefixes.stream().anyMatch(key::startsWith);
  }

  /** Names a key whose value is a map, with entries of any name. */
  void addMap(String key) {
    maps.add(key + ".");
  }

  /** Whether {@code key} is an entry of a map. */
  boolean containsMapAbove(String key) {
    return maps.stream().anyMatch(key::startsWith);
  }

  boolean containsEnvironmentName(String name) {
    return keys.stream().anyMatch(key -> environmentName(key).equals(name))
        || prefixes.stream().anyMatch(prefix -> name.startsWith(environmentName(prefix)));
  }

  /** The known key that is most like {@code key}. */
  Optional<String> nearest(String key) {
    return nearest(key, keys);
  }

  /** The known key's environment name that is most like {@code name}. */
  Optional<String> nearestEnvironmentName(String name) {
    return nearest(name, keys.stream().map(KnownKeys::environmentName).toList());
  }

  /** {@code timeout.firstToken} as {@code LLM_TIMEOUT_FIRST_TOKEN}. */
  static String environmentName(String key) {
    return "LLM_"
        + key.replaceAll("([a-z0-9])([A-Z])", "$1_$2")
            .replaceAll("[^A-Za-z0-9]", "_")
            .toUpperCase(Locale.ROOT);
  }

  private static Optional<String> nearest(String name, Collection<String> candidates) {
    String best = null;
    int bestDistance = Integer.MAX_VALUE;
    for (String candidate : candidates) {
      int distance = distance(name, candidate);
      int dot = candidate.lastIndexOf('.');
      if (dot >= 0 && name.indexOf('.') < 0) {
        // Whoever forgets the group of a setting means the setting.
        distance = Math.min(distance, 1 + distance(name, candidate.substring(dot + 1)));
      }
      if (distance < bestDistance) {
        bestDistance = distance;
        best = candidate;
      }
    }
    return Optional.ofNullable(best);
  }

  /**
   * The least number of letters to insert, delete, replace or swap with their neighbour (optimal
   * string alignment); case does not count. {@code usres} is 1 from {@code users}.
   */
  static int distance(String first, String second) {
    String a = first.toLowerCase(Locale.ROOT);
    String b = second.toLowerCase(Locale.ROOT);
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
          continue;
        }
        int replaced = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int moved = Math.min(cost[i - 1][j], cost[i][j - 1]) + 1;
        cost[i][j] = Math.min(replaced, moved);
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
      }
    }
    return cost[a.length()][b.length()];
  }
}
