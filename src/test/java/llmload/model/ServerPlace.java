package llmload.model;

import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where the server under test runs, seen from the machine that sends the load. What that machine's
 * processors and memory do is the server's doing only where both are one.
 */
public enum ServerPlace {
  /** On the machine that sends the load. */
  THIS_MACHINE("this machine", null),
  /** On another one; several servers of which any is. */
  ANOTHER_MACHINE("another machine", "the server is on another machine"),
  /** Nobody could tell. */
  NOT_KNOWN("not known", "it is not known whether the server is on this machine");

  /** The key under which the environment of a run's record has the {@link #word}. */
  public static final String KEY = "serverMachine";

  private final String word;
  private final @Nullable String whyNotJudged;

  ServerPlace(String word, @Nullable String whyNotJudged) {
    this.word = word;
    this.whyNotJudged = whyNotJudged;
  }

  /** The word in files. */
  public String word() {
    return word;
  }

  /**
   * Why nothing can be said of the server by looking at this machine; {@code null} where it can.
   */
  public @Nullable String whyNotJudged() {
    return whyNotJudged;
  }

  /** What a run's record says; one that says nothing tells of a loopback address alone. */
  public static ServerPlace of(RunManifest manifest) {
    String said = manifest.environment().get(KEY);
    for (ServerPlace place : values()) {
      if (place.word.equals(said)) {
        return place;
      }
    }
    return isLoopback(manifest.target().baseUrl()) ? THIS_MACHINE : NOT_KNOWN;
  }

  /** Whether a URL names this machine itself, as written: no name is looked up. */
  public static boolean isLoopback(String url) {
    try {
      String host = URI.create(url).getHost();
      String name = host == null ? "" : host.toLowerCase(Locale.ROOT);
      return name.equals("localhost") || name.matches("127[.0-9]*") || name.equals("[::1]");
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
