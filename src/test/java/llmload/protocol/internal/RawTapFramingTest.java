package llmload.protocol.internal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the tap takes, what it lets pass, and what it refuses. */
class RawTapFramingTest extends RawTapContract {
  @Test
  void twoResponsesOnOneConnection_eachIsTapped() {
    Wire wire = new Wire(true, true);
    for (String text : List.of("first", "second")) {
      wire.tap.arm(wire, true);
      wire.feed(CHUNKED_HEAD + Integer.toHexString(text.length()) + "\r\n" + text + "\r\n");
      wire.feed("0\r\n");
      wire.feed("\r\n");
    }

    assertThat(wire.tapped).hasToString("firstsecond");
    assertThat(wire.decoded.size()).isZero();
    assertThat(wire.lastCount).isEqualTo(2);
    wire.assertNothingLeaks();
  }

  @Test
  void nextRequestSentFromTheEndOfAnEmptyAnswer_isTapped() {
    // The engine hands out the connection, and the next request arms the tap, inside that callback.
    Wire wire = new Wire(true, true);
    wire.armsAgain = true;
    wire.takes = false;
    wire.tap.arm(wire, true);
    wire.feed("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n");
    wire.armsAgain = false;
    wire.takes = true;
    wire.feed(CHUNKED_HEAD + "2\r\nok\r\n0\r\n\r\n");

    assertThat(wire.statuses).containsExactly(503, 200);
    assertThat(wire.tapped).hasToString("ok");
    wire.assertNothingLeaks();
  }

  @Test
  void bytesAfterTheLastChunk_goToTheCodec() {
    Wire wire = new Wire(true, true);
    wire.tap.arm(wire, true);
    wire.feed(
        CHUNKED_HEAD + "2\r\nab\r\n0\r\n\r\n" + "HTTP/1.1 404 No\r\nContent-Length: 2\r\n\r\nno");

    assertThat(wire.tapped).hasToString("ab");
    assertThat(wire.statuses).containsExactly(200, 404);
    assertThat(wire.decoded).hasToString("no");
    wire.assertNothingLeaks();
  }

  @Test
  void bodyThatIsNotTaken_passesUntouched() {
    Wire wire = new Wire(true, false);
    byte[] odd = {0x1F, (byte) 0x8B, 0, '\r', '\n', '\r', '\n', (byte) 0xFF};
    wire.tap.arm(wire, true);
    wire.feed("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 8\r\n\r\n");
    wire.feed(odd);

    assertThat(wire.tapped.size()).isZero();
    assertThat(wire.decoded.toByteArray()).isEqualTo(odd);
    assertThat(wire.lastCount).isEqualTo(1);
    wire.assertNothingLeaks();
  }

  @Test
  void chunkedBodyThatIsNotTaken_passesUntouched() {
    Wire wire = new Wire(true, false);
    wire.tap.arm(wire, true);
    wire.feed(CHUNKED_HEAD + "3\r\nabc\r\n0\r\n\r\n");

    assertThat(wire.tapped.size()).isZero();
    assertThat(wire.decoded).hasToString("abc");
    wire.assertNothingLeaks();
  }

  @Test
  void head_cutAtEachByte_isReadTheSame() {
    byte[] bytes =
        ("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + CHUNKED_HEAD + "2\r\nok\r\n0\r\n\r\n")
            .getBytes(ISO_8859_1);
    for (int cut = 1; cut < bytes.length; cut++) {
      Wire wire = new Wire(true, true);
      wire.tap.arm(wire, true);
      wire.feed(Arrays.copyOfRange(bytes, 0, cut));
      wire.feed(Arrays.copyOfRange(bytes, cut, bytes.length));

      assertThat(wire.statuses).as("cut at %d", cut).containsExactly(200);
      assertThat(wire.tapped).as("cut at %d", cut).hasToString("ok");
      assertThat(wire.lastCount).as("cut at %d", cut).isEqualTo(1);
      wire.assertNothingLeaks();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 102, 103})
  void interimResponse_isLeftOutUnlessAskedFor(int status) {
    String interim = "HTTP/1.1 " + status + " Wait\r\n\r\n";
    String answer = CHUNKED_HEAD + "2\r\nok\r\n0\r\n\r\n";
    Wire dropping = new Wire(true, true);
    dropping.tap.arm(dropping, true);
    dropping.feed(interim + interim + answer);
    Wire passing = new Wire(true, false);
    passing.tap.arm(passing, false);
    passing.feed(interim + answer);

    assertThat(dropping.statuses).containsExactly(200);
    assertThat(dropping.tapped).hasToString("ok");
    assertThat(passing.statuses).containsExactly(status, 200);
    assertThat(passing.decoded).hasToString("ok");
    dropping.assertNothingLeaks();
    passing.assertNothingLeaks();
  }

  @Test
  void switchingProtocols_isNoInterimResponse() {
    Wire wire = new Wire(true, false);
    wire.tap.arm(wire, true);
    wire.feed("HTTP/1.1 101 Switching\r\nContent-Length: 0\r\n\r\n");

    assertThat(wire.statuses).containsExactly(101);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x\r\n",
        "\r\n",
        ";a\r\n",
        "-1\r\nx",
        "0x3\r\nabc",
        "1fffffffffffff\r\n",
        "3\r\nabcd",
        "3\r\nabc\rx",
        "3\rabc",
        "3x\r\nabc"
      })
  void malformedChunk_isToldOnceAndClosesTheChannel(String bytes) {
    for (boolean whole : new boolean[] {true, false}) {
      Wire wire = new Wire(true, true);
      wire.tap.arm(wire, true);
      if (whole) {
        wire.feed(CHUNKED_HEAD + bytes);
      } else {
        wire.feed((CHUNKED_HEAD + bytes).getBytes(ISO_8859_1), 1, new Random(1));
      }

      assertThat(wire.broken).isNotNull();
      assertThat(wire.channel.isOpen()).isFalse();
      assertThat(wire.lastCount).isZero();
      wire.assertNothingLeaks();
    }
  }

  @Test
  void endlessSizeLine_isBroken() {
    Wire wire = new Wire(true, true);
    wire.tap.arm(wire, true);
    wire.feed(CHUNKED_HEAD + "3;" + "x".repeat(5000));

    assertThat(wire.broken).isNotNull();
    assertThat(wire.channel.isOpen()).isFalse();
  }

  @Test
  void lineFeedAlone_endsALineOfTheCoding() {
    Wire wire = new Wire(true, true);
    wire.tap.arm(wire, true);
    wire.feed(CHUNKED_HEAD + "3\nabc\n2;x\nde\n0\r\n\r\n");

    assertThat(wire.tapped).hasToString("abcde");
    assertThat(wire.lastCount).isEqualTo(1);
  }

  @Test
  void disarmed_bodyGoesNowhere() {
    Wire wire = new Wire(true, true);
    wire.tap.arm(wire, true);
    wire.feed(CHUNKED_HEAD + "3\r\nabc\r\n");
    wire.tap.disarm();
    wire.feed("3\r\ndef\r\nbroken");

    assertThat(wire.tapped).hasToString("abc");
    assertThat(wire.broken).isNull();
    wire.assertNothingLeaks();
  }

  @Test
  void packetLargerThanTheScratch_isTakenWhole() {
    byte[] body = "é".repeat(100_000).getBytes(UTF_8);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes((CHUNKED_HEAD + Integer.toHexString(body.length) + "\r\n").getBytes(UTF_8));
    bytes.writeBytes(body);
    bytes.writeBytes("\r\n0\r\n\r\n".getBytes(UTF_8));
    Wire wire = new Wire(true, true);
    wire.tap.arm(wire, true);
    wire.feed(bytes.toByteArray());

    assertThat(wire.tapped.toByteArray()).isEqualTo(body);
    assertThat(wire.lastCount).isEqualTo(1);
    wire.assertNothingLeaks();
  }

  @Test
  void messageThatIsNoBuffer_passes() {
    EmbeddedChannel channel = new EmbeddedChannel(new RawTap());
    channel.writeInbound("text");

    String passed = channel.readInbound();
    assertThat(passed).isEqualTo("text");
  }
}
