package llmload.protocol.exchange;

import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.PrematureChannelClosureException;
import java.io.IOException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import llmload.model.Outcome;
import llmload.protocol.FailureTexts;
import org.jspecify.annotations.Nullable;

/**
 * What a fault of the connection means.
 *
 * @param outcome the class
 * @param message for the journal: a constant text, then what the fault itself says
 */
public record Failure(Outcome outcome, String message) {
  /** Causes may go in a circle. */
  private static final int MAX_CAUSES = 32;

  /**
   * Classes a fault.
   *
   * @param connected whether the request's bytes had gone out
   * @param answered whether the response's head had come
   * @param repeated whether the engine was about to send the request a second time
   */
  public static Failure of(Throwable error, boolean connected, boolean answered, boolean repeated) {
    if (repeated) {
      return answered
          ? new Failure(Outcome.PREMATURE_CLOSE, FailureTexts.CUT)
          : new Failure(Outcome.PREMATURE_CLOSE, FailureTexts.CLOSED_BEFORE_ANSWER);
    }
    if (!connected) {
      return isTls(error)
          ? with(Outcome.TLS, FailureTexts.TLS, error)
          : with(Outcome.CONNECT, FailureTexts.CONNECT, error);
    }
    if ((error instanceof DecoderException && !isTls(error))
        || error instanceof IllegalArgumentException) {
      return with(Outcome.PROTOCOL, FailureTexts.BAD_BYTES, error);
    }
    if (error instanceof IOException
        || error instanceof PrematureChannelClosureException
        || isTls(error)) {
      return with(
          Outcome.PREMATURE_CLOSE,
          answered ? FailureTexts.CUT : FailureTexts.CLOSED_BEFORE_ANSWER,
          error);
    }
    return with(Outcome.CLIENT, FailureTexts.BUG, error);
  }

  private static Failure with(Outcome outcome, String text, Throwable error) {
    String detail = detail(error);
    return new Failure(outcome, detail == null ? text : text + ": " + detail);
  }

  private static @Nullable String detail(Throwable error) {
    String message = error.getMessage();
    String name = error.getClass().getSimpleName();
    return message == null ? name : name + ": " + message;
  }

  private static boolean isTls(Throwable error) {
    Throwable cause = error;
    for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++, cause = cause.getCause()) {
      if (cause instanceof SSLException
          || cause.getClass().getName().toLowerCase(Locale.ROOT).contains("certificate")) {
        return true;
      }
    }
    return false;
  }
}
