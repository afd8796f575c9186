package llmload.app;

import picocli.CommandLine.Command;

/** {@code baseline}: runs that later ones are held against. */
@Command(
    name = "baseline",
    description = "Keeps a run as a baseline, and shows those of user-files/baselines.",
    mixinStandardHelpOptions = true,
    subcommands = {BaselineSaveCommand.class, BaselineListCommand.class, BaselineShowCommand.class})
final class BaselineCommand {}
