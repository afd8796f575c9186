package llmload.protocol.internal;

import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.core.internal.Expressions;
import java.util.function.Function;

/** Texts that are looked up in a session. */
public final class SessionText {
  private SessionText() {}

  /**
   * A text in Gatling's expression language, such as {@code "#{prompt}"}; the function throws where
   * the session lacks an attribute.
   */
  public static Function<Session, String> el(String el) {
    return Expressions.expressionToJavaFunction(Expressions.toStringExpression(el));
  }
}
