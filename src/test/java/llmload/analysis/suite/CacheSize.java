package llmload.analysis.suite;

import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import llmload.analysis.suite.CacheRound.Answer;
import llmload.metrics.Distribution;
import org.jspecify.annotations.Nullable;

/**
 * The rounds of one size of cache, and what of them counts.
 *
 * <p>A cold start counts if its session was deleted before or is new, or if the server says that it
 * had nothing cached; a warm one, if the server found the session in that round; a save, if a call
 * after it found the session. A server without sessions is held to none of it: there each round's
 * prompt begins with another word.
 */
final class CacheSize {
  private static final String NONE = "prefix";
  private static final String SAVES_ITSELF = "agent-memory";

  final Map<String, Distribution> ttft = new TreeMap<>();
  final Distribution save = new Distribution("ms");
  final Distribution load = new Distribution("ms");
  final Distribution unload = new Distribution("ms");
  final Distribution resumed = new Distribution("ms");
  final Distribution inputs = new Distribution("tok");
  final Distribution outputs = new Distribution("tok");
  final Distribution cached = new Distribution("tok");
  int uncountedSaves;
  int uncountedStarts;

  private final TreeMap<Integer, CacheRound> rounds = new TreeMap<>();
  private final boolean sessions;
  private final boolean savesItself;
  private boolean beginsEmpty;

  /**
   * A size without any round yet.
   *
   * @param dialect the server's cache dialect
   */
  CacheSize(String dialect) {
    sessions = !dialect.equals(NONE);
    savesItself = dialect.equals(SAVES_ITSELF);
    // A session of that dialect bears the run's name, so that none was there before.
    beginsEmpty = savesItself;
  }

  /** Before the first round the session was deleted. */
  void beginsEmpty() {
    beginsEmpty = true;
  }

  /** A round by its number. */
  CacheRound round(int number) {
    return rounds.computeIfAbsent(number, unused -> new CacheRound());
  }

  /** The median time to the first token of a state, in milliseconds. */
  OptionalDouble median(String state) {
    Distribution samples = ttft.get(state);
    return samples == null ? OptionalDouble.empty() : samples.percentile(50);
  }

  /** Fills the distributions; once, when all rounds are there. */
  void sumUp() {
    rounds.forEach(
        (number, round) -> {
          CacheRound before = rounds.get(number - 1);
          boolean empty = number == 0 ? beginsEmpty : before != null && before.deleted;
          boolean found = !sessions || round.loadMillis != null;
          start("cold", round.cold, !sessions || empty || isUncached(round.cold));
          start("hot", round.hot, true);
          start("warm", round.warm, found);
          if (round.warm != null && found) {
            resumed(round.warm);
          }
          saves(round, found);
          add(load, round.loadMillis);
          round.unloadMillis.forEach(unload::add);
        });
  }

  private static boolean isUncached(@Nullable Answer answer) {
    return answer != null && answer.nothingCached();
  }

  private void start(String state, @Nullable Answer answer, boolean counts) {
    if (answer == null) {
      return;
    }
    if (answer.inputTokens() != null) {
      inputs.add(answer.inputTokens());
    }
    if (!counts) {
      uncountedStarts++;
    } else if (answer.firstTokenMillis() != null) {
      ttft.computeIfAbsent(state, unused -> new Distribution("ms")).add(answer.firstTokenMillis());
    }
  }

  private void resumed(Answer warm) {
    resumed.add(warm.endMillis());
    if (warm.outputTokens() != null) {
      outputs.add(warm.outputTokens());
    }
    if (warm.cachedTokens() != null) {
      cached.add(warm.cachedTokens());
    }
  }

  private void saves(CacheRound round, boolean found) {
    if (savesItself) {
      saved(round.cold == null ? null : round.cold.tailMillis(), found);
      saved(round.hot == null ? null : round.hot.tailMillis(), found);
      // A session is deleted only if it is known.
      saved(round.warm == null ? null : round.warm.tailMillis(), round.deleted);
    } else if (sessions) {
      saved(round.saveMillis, found);
    }
  }

  private void saved(@Nullable Double millis, boolean found) {
    if (millis != null && found) {
      save.add(millis);
    } else if (millis != null) {
      uncountedSaves++;
    }
  }

  private static void add(Distribution to, @Nullable Double millis) {
    if (millis != null) {
      to.add(millis);
    }
  }
}
