package llmload.feeders;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
import llmload.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * A prompt file as a feeder.
 *
 * <p>Lines are read when they are asked for, so a file may be larger than the heap; a line that
 * breaks a rule is reported then, unless {@link PromptFile#check} has found it before. Each record
 * has {@code prompt}, {@code id}, and whatever else its line holds. The iterators may be shared
 * between threads, and keep the file open as long as they have more.
 */
public final class Prompts {
  private final Path file;

  private Prompts(Path file) {
    this.file = file;
  }

  /**
   * The prompts of {@code file}.
   *
   * @throws ConfigException if it is missing, or empty, or its first line breaks a rule
   */
  public static Prompts jsonl(Path file) {
    try (LineReader lines = LineReader.open(file)) {
      LineReader.Line first = lines.next();
      if (first == null) {
        throw new ConfigException(file + ": Expecting at least one prompt. Found: none.");
      }
      PromptLine.parse(file, first);
    }
    return new Prompts(file);
  }

  /** Each prompt once, in the file's order; then it is exhausted, which ends a Gatling run. */
  public Iterator<Map<String, Object>> sequential() {
    return new InOrder(file, false);
  }

  /** The prompts in the file's order, over and over. */
  public Iterator<Map<String, Object>> circular() {
    return new InOrder(file, true);
  }

  /**
   * The prompts over and over, each pass in another order; the same orders for the same seed. Holds
   * the position of every line in memory, not the lines.
   */
  public Iterator<Map<String, Object>> shuffled(long seed) {
    return new Shuffled(file, seed);
  }

  private static final class InOrder implements Iterator<Map<String, Object>> {
    private final Path file;
    private final boolean circular;
    private @Nullable LineReader lines;
    private LineReader.@Nullable Line ahead;

    InOrder(Path file, boolean circular) {
      this.file = file;
      this.circular = circular;
      restart();
    }

    @Override
    public synchronized boolean hasNext() {
      return ahead != null;
    }

    @Override
    public synchronized Map<String, Object> next() {
      LineReader.Line line = ahead;
      if (line == null) {
        throw new NoSuchElementException(file + ": every prompt has been used.");
      }
      Map<String, Object> record = PromptLine.parse(file, line);
      advance();
      return record;
    }

    private void advance() {
      LineReader reader = lines;
      ahead = reader == null ? null : reader.next();
      if (ahead == null && reader != null) {
        reader.close();
        lines = null;
        if (circular) {
          restart();
        }
      }
    }

    private void restart() {
      LineReader reader = LineReader.open(file);
      lines = reader;
      ahead = reader.next();
    }
  }

  private static final class Shuffled implements Iterator<Map<String, Object>> {
    private record Place(int number, long offsetBytes) {}

    private final Path file;
    private final Random random;
    private final List<Place> places = new ArrayList<>();
    private int used;

    Shuffled(Path file, long seed) {
      this.file = file;
      random = new Random(seed);
      try (LineReader lines = LineReader.open(file)) {
        for (LineReader.Line line = lines.next(); line != null; line = lines.next()) {
          places.add(new Place(line.number(), line.offsetBytes()));
        }
      }
      used = places.size();
    }

    @Override
    public boolean hasNext() {
      return true;
    }

    @Override
    public synchronized Map<String, Object> next() {
      if (used == places.size()) {
        Collections.shuffle(places, random);
        used = 0;
      }
      Place place = places.get(used);
      used++;
      try (LineReader lines = LineReader.openAt(file, place.number(), place.offsetBytes())) {
        LineReader.Line line = lines.next();
        if (line == null) {
          throw new ConfigException(
              file + ":" + place.number() + ": Expecting the line read before. Found: none.");
        }
        return PromptLine.parse(file, line);
      }
    }
  }
}
