package llmload.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import llmload.config.ConfigException;

/** A run's own folder under {@code results}, and the link {@code latest} that points to it. */
public final class RunFolder {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmssSSS", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final String LATEST = "latest";

  private RunFolder() {}

  /**
   * Makes the folder {@code <simulation>-<time>}, or {@code runId} where one is given.
   *
   * @throws ConfigException if the results folder cannot be written or the run exists already
   */
  public static Path create(
      Path results, String simulation, Instant startedAt, Optional<String> runId) {
    String name = runId.orElse(simulation.toLowerCase(Locale.ROOT) + "-" + STAMP.format(startedAt));
    Path folder = results.resolve(name);
    try {
      Files.createDirectories(results);
      Files.createDirectory(folder);
      pointLatest(results, name);
      return folder;
    } catch (FileAlreadyExistsException e) {
      throw new ConfigException(
          "llm.results: Expecting a folder for new runs. Found: "
              + e.getFile()
              + " exists already. Name another llm.results or llm.runId.");
    } catch (IOException e) {
      throw new ConfigException(
          "llm.results: Expecting a folder that can be written. Found: " + e + ".");
    }
  }

  /**
   * Best effort: a file system without links, or a folder that somebody put in its place, leaves a
   * run without the link.
   */
  private static void pointLatest(Path results, String name) throws IOException {
    Path fresh = results.resolve("." + LATEST + "-" + name);
    try {
      Files.deleteIfExists(fresh);
      Files.createSymbolicLink(fresh, Path.of(name));
      Files.move(fresh, results.resolve(LATEST), StandardCopyOption.REPLACE_EXISTING);
    } catch (UnsupportedOperationException e) {
      Files.writeString(results.resolve(LATEST + ".txt"), name);
    } catch (IOException e) {
      Files.deleteIfExists(fresh);
    }
  }

  /** Copies Gatling's own run folder into {@code folder/gatling}. */
  static void copyGatling(Path gatlingRun, Path folder) {
    Path to = folder.resolve("gatling");
    try (Stream<Path> files = Files.walk(gatlingRun)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path copy = to.resolve(gatlingRun.relativize(file).toString());
        if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Copying Gatling's report from " + gatlingRun, e);
    }
  }
}
