package llmload.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import llmload.model.ServerPlace;
import org.junit.jupiter.api.Test;

class ServerAddressTest {
  private static final String HERE = "http://localhost:8000";
  // RFC 5737: an address for documents, which no machine has.
  private static final String REMOTE = "http://192.0.2.1:8000";
  // RFC 6761: a name that never has an address.
  private static final String NOWHERE = "http://server.invalid:8000";

  private static ServerPlace place(String... urls) {
    return ServerAddress.place(List.of(urls), false);
  }

  @Test
  void server_atLoopback_isHere() {
    assertThat(place(HERE)).isEqualTo(ServerPlace.THIS_MACHINE);
    assertThat(place("http://[::1]:8000")).isEqualTo(ServerPlace.THIS_MACHINE);
  }

  @Test
  void server_atAnotherAddressOfThisMachine_isHere() throws SocketException {
    List<InetAddress> own =
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
            .toList();
    assumeThat(own).isNotEmpty();
    assertThat(own)
        .allSatisfy(
            address ->
                assertThat(place("http://" + address.getHostAddress() + ":8000"))
                    .isEqualTo(ServerPlace.THIS_MACHINE));
  }

  @Test
  void server_atAnyOtherAddress_isRemote() {
    assertThat(place(REMOTE)).isEqualTo(ServerPlace.ANOTHER_MACHINE);
  }

  @Test
  void server_whoseNameTellsNoAddress_isNotKnown() {
    assertThat(place(NOWHERE)).isEqualTo(ServerPlace.NOT_KNOWN);
    // No host by RFC 3986, and no loopback either.
    assertThat(place("http://gpu_box:8000")).isEqualTo(ServerPlace.NOT_KNOWN);
  }

  @Test
  void severalServers_areHere_onlyIfEachIs() {
    assertThat(place(HERE, HERE)).isEqualTo(ServerPlace.THIS_MACHINE);
    assertThat(place(HERE, NOWHERE)).isEqualTo(ServerPlace.NOT_KNOWN);
    assertThat(place(HERE, NOWHERE, REMOTE)).isEqualTo(ServerPlace.ANOTHER_MACHINE);
  }

  @Test
  void process_thatTheUserNamed_isHere_whateverTheAddress() {
    assertThat(ServerAddress.place(List.of(REMOTE), true)).isEqualTo(ServerPlace.THIS_MACHINE);
  }
}
