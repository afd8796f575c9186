package llmload.protocol.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.compression.DecompressionException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import llmload.model.Outcome;
import org.junit.jupiter.api.Test;

class FailureTest {
  private static Outcome before(Throwable error) {
    return Failure.of(error, false, false, false).outcome();
  }

  private static Outcome after(Throwable error) {
    return Failure.of(error, true, true, false).outcome();
  }

  @Test
  void beforeTheConnection_isConnectOrTls() {
    assertThat(before(new ConnectException("refused"))).isEqualTo(Outcome.CONNECT);
    assertThat(before(new UnknownHostException("gpu"))).isEqualTo(Outcome.CONNECT);
    assertThat(before(new SSLHandshakeException("no"))).isEqualTo(Outcome.TLS);
    assertThat(before(new DecoderException(new SSLException("no")))).isEqualTo(Outcome.TLS);
    assertThat(before(new IOException(new CertificateException("old")))).isEqualTo(Outcome.TLS);
  }

  @Test
  void onAConnection_isACutOrBadBytes() {
    assertThat(after(new IOException("reset"))).isEqualTo(Outcome.PREMATURE_CLOSE);
    assertThat(after(new SSLException("closed"))).isEqualTo(Outcome.PREMATURE_CLOSE);
    assertThat(after(new DecoderException(new SSLException("record"))))
        .isEqualTo(Outcome.PREMATURE_CLOSE);
    assertThat(after(new PrematureChannelClosureException("inside the head")))
        .isEqualTo(Outcome.PREMATURE_CLOSE);
    assertThat(after(new DecompressionException("no gzip"))).isEqualTo(Outcome.PROTOCOL);
    assertThat(after(new IllegalArgumentException("invalid version format: SSH")))
        .isEqualTo(Outcome.PROTOCOL);
    assertThat(after(new IllegalStateException("?"))).isEqualTo(Outcome.CLIENT);
  }

  @Test
  void aboutToBeSentAgain_isAPrematureCloseWhateverTheFault() {
    Failure unanswered = Failure.of(new IllegalStateException("x"), true, false, true);
    Failure answered = Failure.of(new IllegalStateException("x"), true, true, true);

    assertThat(unanswered.outcome()).isEqualTo(Outcome.PREMATURE_CLOSE);
    assertThat(unanswered.message())
        .isEqualTo("Connection closed before the answer (requests are never sent twice)");
    assertThat(answered.message()).isEqualTo("Connection closed inside the answer");
  }

  @Test
  void message_isTheConstantTextThenTheFaultsOwn() {
    assertThat(Failure.of(new ConnectException("refused"), false, false, false).message())
        .isEqualTo("Connection failed: ConnectException: refused");
    assertThat(Failure.of(new ConnectException(), false, false, false).message())
        .isEqualTo("Connection failed: ConnectException");
    assertThat(Failure.of(new IOException("reset"), true, true, false).message())
        .isEqualTo("Connection closed inside the answer: IOException: reset");
    assertThat(Failure.of(new IOException("reset"), true, false, false).message())
        .startsWith("Connection closed before the answer");
  }

  @Test
  void causesInACircle_end() {
    IOException one = new IOException("one");
    IOException two = new IOException("two", one);
    one.initCause(two);

    assertThat(before(two)).isEqualTo(Outcome.CONNECT);
  }
}
