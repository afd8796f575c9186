package llmload.analysis.alerts;

/** How a number of the dashboard is coloured: mini-biai-1's steps, relative to the limits. */
public enum AlertColour {
  /** As it should be. */
  GREEN,
  /** To be looked at. */
  YELLOW,
  /** Beyond. */
  RED;

  /** 25 of 30 tokens a second are still yellow. */
  private static final double YELLOW_SPEED = 25.0 / 30;

  private static final double YELLOW_TTFT = 2;

  /** 80 of 90 percent are no longer green. */
  private static final double GREEN_MEMORY = 80.0 / 90;

  /** Output tokens a second of one stream: green from the limit on, yellow from 5/6 of it. */
  public static AlertColour ofTokensPerSecond(double value, AlertLimits limits) {
    if (value >= limits.tokensPerSecond()) {
      return GREEN;
    }
    return value >= YELLOW_SPEED * limits.tokensPerSecond() ? YELLOW : RED;
  }

  /** Time to first token: green below the limit, yellow below twice as much. */
  public static AlertColour ofTtft(double millis, AlertLimits limits) {
    return below(millis, limits.ttftMillis(), YELLOW_TTFT * limits.ttftMillis());
  }

  /** Share of memory in use: green below 8/9 of the limit, yellow below it. */
  public static AlertColour ofMemory(double ratio, AlertLimits limits) {
    return below(ratio, GREEN_MEMORY * limits.memoryRatio(), limits.memoryRatio());
  }

  private static AlertColour below(double value, double green, double yellow) {
    if (value < green) {
      return GREEN;
    }
    return value < yellow ? YELLOW : RED;
  }
}
