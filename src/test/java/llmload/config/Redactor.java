package llmload.config;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces secrets in any text by {@code ***}: known values wherever they stand, and in URLs the
 * user information and the query values whose names look secret. Immutable; any thread.
 *
 * <p>{@code http://me:pw@gpu:8000/v1?api_key=abc&n=2} becomes {@code
 * http://***@gpu:8000/v1?api_key=***&n=2}.
 */
public final class Redactor {
  /** Knows no value; redacts URLs only. */
  public static final Redactor NONE = new Redactor(List.of());

  // Shorter values, and the words that stand for "no key" in local servers' manuals, also occur by
  // chance: replacing them would spoil the text and protect nothing.
  private static final int MIN_SECRET_LENGTH = 4;
  private static final Set<String> PLACEHOLDERS = Set.of("empty", "none", "null", "dummy", "test");

  // The user information ends at the last @ before the host's end, since passwords may hold one.
  private static final Pattern USER_INFO =
      Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*://)[^/\\s?#\"'<>]*@");
  private static final Pattern QUERY_VALUE =
      Pattern.compile("([?&;])([A-Za-z0-9_.~%\\[\\]-]+)=([^&;\\s#\"'<>]+)");

  private final List<String> values;

  private Redactor(List<String> values) {
    this.values = values;
  }

  /** One that knows the values of {@code secrets}, also as they are written in URLs and JSON. */
  public static Redactor of(Collection<Secret> secrets) {
    // The longest first, or the rest of one that begins with another would stay.
    Set<String> values =
        new TreeSet<>(
            Comparator.comparingInt(String::length)
                .reversed()
                .thenComparing(Comparator.naturalOrder()));
    for (Secret secret : secrets) {
      String value = secret.value().strip();
      if (value.length() >= MIN_SECRET_LENGTH
          && !PLACEHOLDERS.contains(value.toLowerCase(Locale.ROOT))) {
        values.add(value);
        values.add(URLEncoder.encode(value, StandardCharsets.UTF_8));
        values.add(value.replace("\\", "\\\\").replace("\"", "\\\"").replace("/", "\\/"));
        values.add(value.replace("\\", "\\\\").replace("\"", "\\\""));
      }
    }
    return new Redactor(List.copyOf(values));
  }

  /** {@code text} without its secrets. */
  public String redact(String text) {
    String redacted = text;
    for (String value : values) {
      redacted = redacted.replace(value, Secret.MASK);
    }
    if (redacted.contains("://")) {
      redacted = USER_INFO.matcher(redacted).replaceAll("$1***@");
    }
    if (redacted.indexOf('=') >= 0) {
      redacted = QUERY_VALUE.matcher(redacted).replaceAll(Redactor::queryValue);
    }
    return redacted;
  }

  private static String queryValue(MatchResult match) {
    String shown = SecretNames.isSecret(match.group(2)) ? Secret.MASK : match.group(3);
    return Matcher.quoteReplacement(match.group(1) + match.group(2) + "=" + shown);
  }
}
