package llmload.run;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the folder that Gatling itself writes to, which its API does not tell. */
final class GatlingFolder {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmssSSS", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final String FORK_ARGUMENTS = "META-INF/args.txt";

  private GatlingFolder() {}

  /**
   * The newest of Gatling's run folders of {@code simulation}, if there is one; none of a run that
   * began before {@code startedAt}, which a crash would leave as the newest.
   */
  static Optional<Path> find(Path root, String simulation, Instant startedAt) {
    return newest(resultsFolder(root), simulation, startedAt);
  }

  static Optional<Path> newest(Path results, String simulation, Instant startedAt) {
    String prefix = simulation.toLowerCase(Locale.ROOT) + "-";
    String first = prefix + STAMP.format(startedAt);
    try (Stream<Path> runs = Files.list(results)) {
      return runs.filter(Files::isDirectory)
          .filter(run -> run.getFileName().toString().matches(prefix + "\\d{17}"))
          .filter(run -> run.getFileName().toString().compareTo(first) >= 0)
          .max(Comparator.comparing(run -> run.getFileName().toString()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** What follows {@code -rf} among the arguments that the Maven plugin hands to its fork. */
  private static Path resultsFolder(Path root) {
    List<String> arguments = forkArguments();
    int flag = arguments.indexOf("-rf");
    return flag >= 0 && flag + 1 < arguments.size()
        ? Path.of(arguments.get(flag + 1))
        : root.resolve("target/gatling");
  }

  private static List<String> forkArguments() {
    try (InputStream in = ClassLoader.getSystemResourceAsStream(FORK_ARGUMENTS)) {
      if (in != null) {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
      }
    } catch (IOException e) {
      // The fallbacks below serve as well.
    }
    return List.of(System.getProperty("sun.java.command", "").split(" "));
  }
}
