package llmload.server.agents;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Sessions in three tiers: hot in memory, warm in a file, cold not known at all.
 *
 * <p>What a hot session holds is counted, not allocated; files are real, of the stated size, synced
 * when written and read whole when loaded. The folder of files is made on first need and deleted on
 * {@link #close} or when the JVM ends. Thread safe; an operation on files blocks its caller and
 * others.
 */
public final class SessionStore implements AutoCloseable {
  /** Where a session's cache is. */
  public enum Tier {
    /** In memory, perhaps on disk too. */
    HOT,
    /** On disk only. */
    WARM
  }

  /**
   * One session as the routes show it.
   *
   * @param id its name
   * @param tier where it is
   * @param tokenCount tokens of its cache
   * @param lastAccessedSeconds when it was last used, since the epoch
   * @param accessCount how often
   * @param dirty whether memory is ahead of the file
   * @param fileBytes the size of its file; {@code null} if it has none
   */
  public record View(
      String id,
      Tier tier,
      int tokenCount,
      double lastAccessedSeconds,
      long accessCount,
      boolean dirty,
      @Nullable Long fileBytes) {}

  private static final class Entry {
    int @Nullable [] hot;
    int tokenCount;
    boolean dirty;
    @Nullable Long fileBytes;
    long accessCount;
    long lastAccessedMillis;
  }

  private final SessionLimits limits;
  private final LongSupplier wallMillis;
  private final ExecutorService worker;
  // In the order of use, the least recent first.
  private final Map<String, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<String, Path> slotFiles = new LinkedHashMap<>();
  private @Nullable Path folder;
  private long peakBlockCount;

  /**
   * A store without sessions.
   *
   * @param wallMillis the wall clock, milliseconds since the epoch
   */
  public SessionStore(SessionLimits limits, LongSupplier wallMillis) {
    this.limits = limits;
    this.wallMillis = wallMillis;
    worker =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread thread = new Thread(task, "llmload-sessions");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** The limits in force. */
  public SessionLimits limits() {
    return limits;
  }

  /** The one thread that reads and writes files, so that no other has to wait for a disk. */
  public Executor worker() {
    return worker;
  }

  /**
   * The tokens of a session's cache, loaded from its file where it is not in memory; empty if the
   * session is cold.
   *
   * @throws UncheckedIOException if the file cannot be read
   */
  public synchronized Optional<int[]> load(String id) {
    Entry entry = entries.get(id);
    if (entry == null) {
      return Optional.empty();
    }
    used(entry);
    int[] hot = entry.hot;
    if (hot == null) {
      try {
        hot = SessionFile.read(file(id), limits.kvBytesPerToken());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      entry.hot = hot;
      keepWithinMemory();
    }
    return Optional.of(hot);
  }

  /**
   * Keeps a session's cache in memory and writes it to its file.
   *
   * @throws UncheckedIOException if it cannot be written
   */
  public synchronized void save(String id, int[] tokens) {
    hold(id, tokens);
    Entry entry = entries.get(id);
    if (entry != null) {
      write(id, entry);
    }
  }

  /** Keeps a session's cache in memory alone. */
  public synchronized void hold(String id, int[] tokens) {
    Entry entry = entries.computeIfAbsent(id, unused -> new Entry());
    entry.hot = tokens;
    entry.tokenCount = tokens.length;
    entry.dirty = true;
    used(entry);
    keepWithinMemory();
  }

  /** Drops a session from memory, its file written before if need be; false if it is cold. */
  public synchronized boolean evict(String id) {
    Entry entry = entries.get(id);
    if (entry == null) {
      return false;
    }
    if (entry.dirty) {
      write(id, entry);
    }
    entry.hot = null;
    return true;
  }

  /** Drops a session and its file; false if it is cold. */
  public synchronized boolean delete(String id) {
    Entry entry = entries.remove(id);
    if (entry == null) {
      return false;
    }
    if (entry.fileBytes != null) {
      try {
        Files.deleteIfExists(file(id));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return true;
  }

  /**
   * Writes what is in memory to a file of another name, as llama.cpp's slots do.
   *
   * @return tokens and bytes; empty if nothing is in memory
   */
  public synchronized Optional<long[]> export(String id, String fileName) {
    Entry entry = entries.get(id);
    int[] hot = entry == null ? null : entry.hot;
    if (hot == null) {
      return Optional.empty();
    }
    try {
      Path target = folder().resolve("slot-" + fileName);
      slotFiles.put(fileName, target);
      return Optional.of(
          new long[] {hot.length, SessionFile.write(target, hot, limits.kvBytesPerToken())});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads such a file into memory.
   *
   * @return tokens and bytes; empty if there is no such file
   */
  public synchronized Optional<long[]> restore(String id, String fileName) {
    Path source = slotFiles.get(fileName);
    if (source == null) {
      return Optional.empty();
    }
    try {
      int[] tokens = SessionFile.read(source, limits.kvBytesPerToken());
      hold(id, tokens);
      return Optional.of(new long[] {tokens.length, Files.size(source)});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All sessions, the least recently used first. */
  public synchronized List<View> list() {
    List<View> views = new ArrayList<>();
    entries.forEach(
        (id, entry) ->
            views.add(
                new View(
                    id,
                    entry.hot == null ? Tier.WARM : Tier.HOT,
                    entry.tokenCount,
                    entry.lastAccessedMillis / 1e3,
                    entry.accessCount,
                    entry.dirty,
                    entry.fileBytes)));
    return views;
  }

  /** Blocks of memory that hot sessions hold; each session's last one is padded. */
  public synchronized long usedBlockCount() {
    return entries.values().stream()
        .filter(entry -> entry.hot != null)
        .mapToLong(entry -> blocks(entry.tokenCount))
        .sum();
  }

  /** The most blocks that hot sessions ever held. */
  public synchronized long peakBlockCount() {
    return peakBlockCount;
  }

  private long blocks(int tokenCount) {
    return (tokenCount + limits.blockTokens() - 1L) / limits.blockTokens();
  }

  private void used(Entry entry) {
    entry.accessCount++;
    entry.lastAccessedMillis = wallMillis.getAsLong();
  }

  private void write(String id, Entry entry) {
    int[] hot = entry.hot;
    if (hot == null) {
      return;
    }
    try {
      entry.fileBytes = SessionFile.write(file(id), hot, limits.kvBytesPerToken());
      entry.dirty = false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void keepWithinMemory() {
    long hot = entries.values().stream().filter(entry -> entry.hot != null).count();
    for (String id : List.copyOf(entries.keySet())) {
      if (hot <= limits.hotCount()) {
        break;
      }
      // The iteration must not count as a use, so it goes through a copy of the keys.
      Entry oldest = entryWithoutUse(id);
      if (oldest != null && oldest.hot != null) {
        if (oldest.dirty) {
          write(id, oldest);
        }
        oldest.hot = null;
        hot--;
      }
    }
    peakBlockCount = Math.max(peakBlockCount, usedBlockCount());
  }

  private @Nullable Entry entryWithoutUse(String id) {
    for (Map.Entry<String, Entry> entry : entries.entrySet()) {
      if (entry.getKey().equals(id)) {
        return entry.getValue();
      }
    }
    return null;
  }

  private Path file(String id) throws IOException {
    return folder().resolve(id + ".kv");
  }

  private Path folder() throws IOException {
    if (folder == null) {
      Path parent = limits.parentFolder();
      if (parent == null) {
        folder = Files.createTempDirectory("llmload-sessions-");
      } else {
        folder = Files.createTempDirectory(Files.createDirectories(parent), "llmload-sessions-");
      }
      Runtime.getRuntime().addShutdownHook(new Thread(this::close, "llmload-sessions-close"));
    }
    return folder;
  }

  /** Deletes every file; a session used afterwards is cold. */
  @Override
  public synchronized void close() {
    worker.shutdown();
    entries.clear();
    slotFiles.clear();
    Path gone = folder;
    if (gone == null || !Files.exists(gone)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(gone)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      // What cannot be deleted stays in a folder of temporary files.
    }
  }
}
