package llmload.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What Linux says of a process, read again and again by a test, apart from anything that the kit
 * reads. One thread.
 */
public final class WatchedProcess {
  private static final double TICKS_PER_SECOND = 100;
  private static final double KIB_PER_MIB = 1024;
  private static final int USER = 11;

  /**
   * One look.
   *
   * @param atMillis when, since 1970
   * @param rssMebibytes its resident memory
   * @param cpuSeconds processor time since its start, user and system
   */
  public record Look(long atMillis, double rssMebibytes, double cpuSeconds) {}

  private final long pid;
  private final List<Look> looks = new ArrayList<>();

  /** Will look at the process of that number. */
  public WatchedProcess(long pid) {
    this.pid = pid;
  }

  /** Its number. */
  public long pid() {
    return pid;
  }

  /** Looks once; at a process that is gone there is nothing to see. */
  public void look() {
    try {
      Path folder = Path.of("/proc", Long.toString(pid));
      String stat = Files.readString(folder.resolve("stat"));
      String[] words = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
      Optional<Double> resident =
          Files.readAllLines(folder.resolve("status")).stream()
              .filter(line -> line.startsWith("VmRSS:"))
              .map(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / KIB_PER_MIB)
              .findFirst();
      double cpu =
          (Long.parseLong(words[USER]) + Long.parseLong(words[USER + 1])) / TICKS_PER_SECOND;
      resident.ifPresent(rss -> looks.add(new Look(System.currentTimeMillis(), rss, cpu)));
    } catch (IOException e) {
      // It has ended.
    }
  }

  /** The looks between two moments, and the nearest on each side. */
  public List<Look> around(long fromMillis, long toMillis) {
    List<Look> around = new ArrayList<>();
    for (int i = 0; i < looks.size(); i++) {
      boolean nextIsLater = i + 1 == looks.size() || looks.get(i + 1).atMillis() > fromMillis;
      boolean lastIsEarlier = i == 0 || looks.get(i - 1).atMillis() < toMillis;
      if (nextIsLater && lastIsEarlier) {
        around.add(looks.get(i));
      }
    }
    return around;
  }
}
