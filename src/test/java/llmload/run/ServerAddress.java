package llmload.run;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import llmload.model.ServerPlace;

/** Finds out whether the servers of a run are on this machine, by their addresses. */
final class ServerAddress {
  private ServerAddress() {}

  /**
   * Where the servers are: here, if each is at an address of this machine. Asks the resolver.
   *
   * @param urls of all servers of the run
   * @param hasProcessHere whether the user named the server's process on this machine
   */
  static ServerPlace place(List<String> urls, boolean hasProcessHere) {
    if (hasProcessHere) {
      return ServerPlace.THIS_MACHINE;
    }
    Set<ServerPlace> places = EnumSet.noneOf(ServerPlace.class);
    urls.forEach(url -> places.add(place(url)));
    for (ServerPlace worst : List.of(ServerPlace.ANOTHER_MACHINE, ServerPlace.NOT_KNOWN)) {
      if (places.contains(worst)) {
        return worst;
      }
    }
    return ServerPlace.THIS_MACHINE;
  }

  private static ServerPlace place(String url) {
    if (ServerPlace.isLoopback(url)) {
      return ServerPlace.THIS_MACHINE;
    }
    String host = URI.create(url).getHost();
    if (host == null) {
      return ServerPlace.NOT_KNOWN;
    }
    try {
      for (InetAddress address : InetAddress.getAllByName(host)) {
        if (address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null) {
          return ServerPlace.THIS_MACHINE;
        }
      }
      return ServerPlace.ANOTHER_MACHINE;
    } catch (UnknownHostException | SocketException e) {
      return ServerPlace.NOT_KNOWN;
    }
  }
}
