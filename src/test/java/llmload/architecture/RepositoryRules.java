package llmload.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Rules on the text of the repository's files. Each returns the faults it found, none for none. */
final class RepositoryRules {
  private static final int JAVA_LINES = 400;
  private static final long TEXT_LIMIT_BYTES = 4L << 20;

  // Written so that none of them matches its own line here.
  private static final Pattern UNFINISHED = Pattern.compile("\\b(TO[D]O|FI[X]ME|XX[X])\\b");
  private static final Pattern MACHINE_PATH =
      Pattern.compile("(?<![\\w.:/])/(work|root|home/\\w+|Users/\\w+)/");
  private static final Pattern REGISTRY =
      Pattern.compile(
          "repo1[.]maven|repo[.]maven[.]apache|registry[.]npmjs|pypi[.]org|deb[.]debian[.]org");
  private static final Pattern PRIVATE_KEY = Pattern.compile("-----BEGIN [A-Z ]*PRIVATE KEY");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]+)(#[^)]*)?\\)");
  private static final Pattern COMMAND = Pattern.compile("^\\s*(?:\\$ )?(mvn\\s.*)$");
  private static final Pattern SIMULATION =
      Pattern.compile("-Dgatling[.]simulationClass=([\\w.]+)");
  private static final Pattern SUBCOMMAND = Pattern.compile("-Dexec[.]args=[\"']?([a-z]+)");
  private static final Pattern SETTING = Pattern.compile("-Dllm[.]([\\w.]+)=");

  private static final Set<String> GOALS =
      Set.of(
          "clean",
          "verify",
          "test",
          "test-compile",
          "gatling:test",
          "exec:java",
          "exec:exec",
          "spotless:apply");

  private RepositoryRules() {}

  /** All files that belong to the repository: tracked, or new and not ignored. */
  static List<String> files(Path root) {
    try {
      Process git =
          new ProcessBuilder("git", "ls-files", "--cached", "--others", "--exclude-standard", "-z")
              .directory(root.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String names = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (git.waitFor() == 0) {
        return Stream.of(names.split("\0", -1))
            .filter(n -> Files.isRegularFile(root.resolve(n)))
            .toList();
      }
    } catch (IOException e) {
      // No git on this machine: an unpacked archive is walked instead.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return walk(root);
  }

  /** The text of a file; empty for one that is binary or larger than any text should be. */
  static String text(Path file) {
    try {
      if (Files.size(file) > TEXT_LIMIT_BYTES) {
        return "";
      }
      String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
      return text.indexOf('\0') >= 0 ? "" : text;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A Java file of more than 400 lines. */
  static List<String> tooLong(String name, String text) {
    long lines = name.endsWith(".java") ? text.lines().count() : 0;
    return lines > JAVA_LINES
        ? List.of(name + ": Expecting at most 400 lines. Found: " + lines + ".")
        : List.of();
  }

  /** Marks of unfinished work in code, documents and settings. */
  static List<String> unfinished(String name, String text) {
    boolean judged = name.endsWith(".java") || name.endsWith(".md") || name.endsWith(".yaml");
    return judged ? matches(name, text, UNFINISHED) : List.of();
  }

  /** Paths of the machine it was written on. */
  static List<String> machinePaths(String name, String text) {
    return matches(name, text, MACHINE_PATH);
  }

  /** Hosts of package registries: which one is used is the user's setting. */
  static List<String> registryHosts(String name, String text) {
    return matches(name, text, REGISTRY);
  }

  /** Private keys. */
  static List<String> privateKeys(String name, String text) {
    return matches(name, text, PRIVATE_KEY);
  }

  /** Links of a document to files that are not there. */
  static List<String> deadLinks(Path root, String name, String text) {
    List<String> faults = new ArrayList<>();
    Matcher link = LINK.matcher(name.endsWith(".md") ? text : "");
    while (link.find()) {
      String target = link.group(1);
      Path file = root.resolve(name).resolveSibling(target);
      if (!target.contains(":") && !Files.exists(file)) {
        faults.add(name + ": Expecting links to files that exist. Found: " + target + ".");
      }
    }
    return faults;
  }

  /** Commands of a document that Maven or the command line does not have. */
  static List<String> unknownCommands(Path root, String name, String text) {
    String sources = name.endsWith(".md") ? javaText(root) : "";
    List<String> faults = new ArrayList<>();
    for (String line : name.endsWith(".md") ? text.lines().toList() : List.<String>of()) {
      Matcher command = COMMAND.matcher(line);
      if (command.matches()) {
        for (String fault : commandFaults(root, command.group(1), sources)) {
          faults.add(name + ": " + fault);
        }
      }
    }
    return faults;
  }

  private static List<String> commandFaults(Path root, String command, String sources) {
    List<String> faults = new ArrayList<>();
    String plain = command.replaceFirst("\\s#.*$", "").replaceAll("\"[^\"]*\"|'[^']*'", "");
    for (String word : plain.trim().split("\\s+", -1)) {
      if (!word.equals("mvn")
          && !word.equals("\\")
          && !word.startsWith("-")
          && !GOALS.contains(word)) {
        faults.add("Expecting a goal of the build. Found: " + word + ".");
      }
    }
    Matcher simulation = SIMULATION.matcher(command);
    while (simulation.find()) {
      String file = "src/test/java/" + simulation.group(1).replace('.', '/') + ".java";
      if (!Files.exists(root.resolve(file))) {
        faults.add("Expecting a simulation that exists. Found: " + simulation.group(1) + ".");
      }
    }
    Matcher subcommand = SUBCOMMAND.matcher(command);
    while (subcommand.find()) {
      if (!sources.contains("name = \"" + subcommand.group(1) + "\"")) {
        faults.add("Expecting a subcommand. Found: " + subcommand.group(1) + ".");
      }
    }
    Matcher setting = SETTING.matcher(command);
    while (setting.find()) {
      if (!sources.contains("\"" + setting.group(1) + "\"")) {
        faults.add("Expecting a setting that is read. Found: llm." + setting.group(1) + ".");
      }
    }
    return faults;
  }

  private static String javaText(Path root) {
    StringBuilder all = new StringBuilder();
    for (String name : files(root)) {
      if (name.endsWith(".java") && !name.contains("/architecture/")) {
        all.append(text(root.resolve(name)));
      }
    }
    return all.toString();
  }

  private static List<String> matches(String name, String text, Pattern pattern) {
    List<String> faults = new ArrayList<>();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      Matcher matcher = pattern.matcher(line);
      if (matcher.find()) {
        faults.add(name + ":" + number + ": Expecting none of these. Found: " + matcher.group());
      }
    }
    return faults;
  }

  private static List<String> walk(Path root) {
    try (Stream<Path> paths = Files.walk(root)) {
      return paths
          .filter(Files::isRegularFile)
          .map(path -> root.relativize(path).toString().replace('\\', '/'))
          .filter(name -> !name.startsWith("target/") && !name.startsWith(".git/"))
          .filter(name -> !name.startsWith("results/") || name.equals("results/.gitignore"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
