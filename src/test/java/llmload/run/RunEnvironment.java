package llmload.run;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import llmload.config.Redactor;
import llmload.config.Secret;
import llmload.feeders.PromptFile;
import llmload.model.ServerPlace;
import org.jspecify.annotations.Nullable;

/** What a reader must know of the machine and the inputs to judge or repeat a run. */
final class RunEnvironment {
  private RunEnvironment() {}

  /** The JVM's system properties as a map. */
  static Map<String, String> systemProperties() {
    Map<String, String> map = new TreeMap<>();
    Properties properties = System.getProperties();
    for (String name : properties.stringPropertyNames()) {
      map.put(name, properties.getProperty(name));
    }
    return map;
  }

  /**
   * Whether somebody reads along: the Maven plugin's fork has a pipe, and TERM alone says little.
   */
  static boolean isTerminal() {
    return Optional.ofNullable(System.console()).filter(RunEnvironment::isTerminal).isPresent();
  }

  /** From Java 22 on there is a console even without a terminal, and a method that tells. */
  private static boolean isTerminal(Console console) {
    try {
      return Boolean.TRUE.equals(Console.class.getMethod("isTerminal").invoke(console));
    } catch (NoSuchMethodException e) {
      return true;
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }

  /** Takes the run's secrets out of any text. */
  static Redactor redactor(TargetSettings target) {
    List<Secret> secrets = new ArrayList<>();
    target.apiKey().ifPresent(secrets::add);
    target.headers().values().stream()
        .filter(value -> value.length() >= 8)
        .map(Secret::new)
        .forEach(secrets::add);
    return Redactor.of(secrets);
  }

  /** The same map without secrets. */
  static Map<String, String> redacted(Map<String, String> settings, Redactor redactor) {
    Map<String, String> clean = new TreeMap<>();
    settings.forEach((key, value) -> clean.put(key, redactor.redact(value)));
    return clean;
  }

  /** Machines, versions and hashes of the inputs. */
  static Map<String, String> describe(Path root, RunSettings settings, List<NamedTarget> servers) {
    Map<String, String> about = new LinkedHashMap<>();
    about.put("llmload", "0.1.0");
    about.put("gatling", version("io.gatling.core.scenario.Simulation"));
    about.put(
        "java", System.getProperty("java.version") + " " + System.getProperty("java.vm.name"));
    about.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    about.put("arch", String.valueOf(System.getProperty("os.arch")));
    about.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
    about.put(
        ServerPlace.KEY,
        ServerAddress.place(
                servers.stream().map(NamedTarget::baseUrl).toList(),
                settings.telemetry().serverPid().isPresent())
            .word());
    about.put("heapMaxBytes", Long.toString(Runtime.getRuntime().maxMemory()));
    if (settings.load().kind().isGeneration()) {
      about.put("promptsSha256", sha256(PromptFile.resolve(root, settings.request().prompts())));
    }
    return about;
  }

  private static String version(String className) {
    try {
      Package where = Class.forName(className).getPackage();
      String version = where == null ? null : where.getImplementationVersion();
      return version == null ? "not known" : version;
    } catch (ClassNotFoundException e) {
      return "not known";
    }
  }

  private static String sha256(Path file) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(Files.readAllBytes(file)));
    } catch (IOException e) {
      return "not readable";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** What the user should know before the load begins. */
  static List<String> warnings(
      RunSettings settings, @Nullable EmbeddedServerProcess server, Preflight preflight) {
    List<String> warnings = new ArrayList<>(settings.notices());
    warnings.addAll(preflight.warnings());
    settings.gate().warning().ifPresent(warnings::add);
    if (server != null) {
      warnings.addAll(server.notices());
    }
    return warnings;
  }
}
