package llmload.app;

import picocli.CommandLine.Command;

/** {@code targets}: what a run can be held to. */
@Command(
    name = "targets",
    description = "Shows the target files of user-files/targets.",
    mixinStandardHelpOptions = true,
    subcommands = {TargetListCommand.class, TargetShowCommand.class})
final class TargetsCommand {}
