package llmload.app;

import picocli.CommandLine.Command;

/** {@code bench}: what can be timed without a load. */
@Command(
    name = "bench",
    description = "Times what surrounds a model: tokenizers, and one agent's requests.",
    mixinStandardHelpOptions = true,
    subcommands = {BenchTokenizersCommand.class})
final class BenchCommand {}
