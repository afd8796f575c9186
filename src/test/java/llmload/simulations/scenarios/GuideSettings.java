package llmload.simulations.scenarios;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import llmload.config.SettingsReader;

/**
 * The settings {@code llm.guide.*}; the defaults are the guide's numbers.
 *
 * @param lookUsers connections that ask for health and models
 * @param lookTime how long they ask for each
 * @param structuredCount structured answers of each shape
 * @param unstructuredCount free texts
 * @param batchUsers connections of the batch
 * @param batchTime how long the batch lasts
 * @param conversations how often each file of conversations is talked through, by its name
 * @param conversationPause the user's pause before each turn, outside every measured time
 * @param maxTokens the most tokens of an answer in free text
 */
public record GuideSettings(
    int lookUsers,
    Duration lookTime,
    long structuredCount,
    long unstructuredCount,
    int batchUsers,
    Duration batchTime,
    Map<String, Integer> conversations,
    Duration conversationPause,
    int maxTokens) {

  private static final int MAX_USERS = 10_000;
  private static final int MAX_COUNT = 1_000_000;

  /** Keeps the order of the conversations. */
  public GuideSettings {
    conversations = Collections.unmodifiableMap(new LinkedHashMap<>(conversations));
  }

  /** Reads them. */
  public static GuideSettings read(SettingsReader settings) {
    Map<String, Integer> conversations = new LinkedHashMap<>();
    conversations.put("short", settings.integer("guide.shortConversations", 3, 0, MAX_COUNT));
    conversations.put("medium", settings.integer("guide.mediumConversations", 2, 0, MAX_COUNT));
    conversations.put("long", settings.integer("guide.longConversations", 2, 0, MAX_COUNT));
    return new GuideSettings(
        settings.integer("guide.lookUsers", 10, 1, MAX_USERS),
        settings.duration("guide.lookTime", Duration.ofSeconds(30)),
        settings.integer("guide.structured", 10, 0, MAX_COUNT),
        settings.integer("guide.unstructured", 10, 0, MAX_COUNT),
        settings.integer("guide.batchUsers", 50, 1, MAX_USERS),
        settings.duration("guide.batchTime", Duration.ofSeconds(60)),
        conversations,
        settings.duration("guide.conversationPause", Duration.ofSeconds(2)),
        settings.integer("guide.maxTokens", 500, 1, MAX_COUNT));
  }
}
