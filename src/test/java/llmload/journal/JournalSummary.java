package llmload.journal;

import llmload.model.JournalFooter;
import org.jspecify.annotations.Nullable;

/**
 * What reading a journal found besides its records.
 *
 * @param footer its last line; {@code null} if the run ended without writing one
 * @param rowCount measured requests' lines that could be read, to lay beside {@code
 *     footer.startedCount()}; warm-up lines are not in it
 * @param tornCount lines that could not be read: cut short, broken, or over-long
 */
public record JournalSummary(@Nullable JournalFooter footer, long rowCount, long tornCount) {}
