package llmload.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import llmload.config.ConfigException;
import llmload.config.DurationParser;
import llmload.feeders.PromptFile;
import llmload.feeders.Prompts;
import llmload.model.ExitCode;
import llmload.run.ProjectFolder;
import llmload.tokens.Tokenizer;
import llmload.tokens.Tokenizers;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code bench tokenizers}: jtokkit beside Hugging Face's tokenizers on four texts, a sustained
 * loop by each, and the latency trace of an agent's requests; one summary.
 */
@Command(
    name = "tokenizers",
    description = "Times a Java and a Rust tokenizer, and traces requests of one agent.",
    mixinStandardHelpOptions = true)
final class BenchTokenizersCommand implements Callable<Integer> {
  private static final String ENCODING = "cl100k_base";
  private static final String EMBEDDED = "embedded";
  private static final String NONE = "none";
  private static final int LONG_TIMES = 3;

  /** How results are shown. */
  enum Format {
    /** For people. */
    TABLE,
    /** With the fields of PyAgent's infrastructure record. */
    JSON
  }

  @Option(
      names = "--iterations",
      description = "Calls for each text (default: ${DEFAULT-VALUE}).",
      defaultValue = "5000")
  private int iterations = 5_000;

  @Option(
      names = "--sustained",
      paramLabel = "TIME",
      description = "How long each cuts all texts in turn, 0s for not (default: ${DEFAULT-VALUE}).",
      defaultValue = "10s")
  private String sustained = "10s";

  @Option(
      names = "--tokenizer",
      paramLabel = "FILE",
      description = "A tokenizer.json for the Rust side (default: cl100k_base in its format).")
  private @Nullable Path tokenizer;

  @Option(
      names = "--trace",
      paramLabel = "URL",
      description = "The server to trace: a URL, embedded or none (default: ${DEFAULT-VALUE}).",
      defaultValue = EMBEDDED)
  private String trace = EMBEDDED;

  @Option(
      names = "--format",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).",
      defaultValue = "TABLE")
  private Format format = Format.TABLE;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (spec == null) {
      throw new IllegalStateException("picocli fills this in");
    }
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    Duration time =
        DurationParser.parse(sustained)
            .orElseThrow(() -> bad("--sustained", DurationParser.RULE, sustained));
    if (iterations < 1) {
      throw bad("--iterations", "a whole number of at least 1", Integer.toString(iterations));
    }
    List<String> notes = new ArrayList<>();
    List<InfrastructureResult> results = tokenizers(time, err, notes);
    if (!trace.equals(NONE)) {
      results.add(LatencyTrace.of(TokenSpeed.create(), trace.equals(EMBEDDED) ? null : trace));
    }
    if (format == Format.JSON) {
      InfrastructureWriter.json(results, notes, Instant.now(), out);
    } else {
      InfrastructureWriter.table(results, notes, out);
    }
    return results.stream().allMatch(InfrastructureResult::success)
        ? ExitCode.PASS
        : ExitCode.INVALID;
  }

  private static ConfigException bad(String option, String rule, String found) {
    return new ConfigException(option + ": Expecting " + rule + ". Found: " + found + ".");
  }

  private List<InfrastructureResult> tokenizers(Duration time, PrintWriter err, List<String> notes)
      throws IOException {
    Tokenizer java = Tokenizers.of(ENCODING);
    Tokenizer rust =
        tokenizer == null ? Tokenizers.nativeCl100k() : Tokenizers.of(tokenizer.toString());
    notes.add("Java: jtokkit, " + ENCODING + ".");
    notes.add(
        "Rust: Hugging Face tokenizers by JNI, whose calls also hand over offsets and masks; "
            + (tokenizer == null ? ENCODING + " made into a tokenizer.json." : tokenizer + "."));
    InfrastructureTrial trial =
        new InfrastructureTrial(texts(ProjectFolder.find()), System::nanoTime, err::println);
    List<InfrastructureResult> results = new ArrayList<>(trial.calls(java, rust, iterations));
    boolean same =
        results.stream().allMatch(r -> Boolean.TRUE.equals(r.metrics().get("same_tokens")));
    notes.add(
        same
            ? "Both cut every text into the same tokens."
            : "They cut texts into different tokens, so compare times, not tokens a second.");
    if (!time.isZero()) {
      results.add(trial.sustained("Java", java, time));
      results.add(trial.sustained("Rust", rust, time));
    }
    return results;
  }

  /** The first prompt of each shipped file, the long one three times over. */
  private static Map<String, String> texts(Path root) {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("Short", first(root, "short"));
    texts.put("Medium", first(root, "medium"));
    texts.put("Long(x3)", first(root, "long").repeat(LONG_TIMES));
    texts.put("Code", first(root, "code"));
    return texts;
  }

  private static String first(Path root, String file) {
    Iterator<Map<String, Object>> prompts =
        Prompts.jsonl(PromptFile.resolve(root, file)).sequential();
    return String.valueOf(prompts.next().get("prompt"));
  }
}
