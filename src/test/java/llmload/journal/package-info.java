/**
 * The durable record of a run: {@code requests.jsonl}, {@code telemetry.jsonl} and {@code
 * run.json}, written while the run goes on and read back at any time, also after a crash.
 *
 * <p>Whoever appends never waits: records go through a bounded queue to one writer thread, and what
 * cannot be kept is counted. May use: {@code llmload.model}, Jackson.
 */
@NullMarked
package llmload.journal;

import org.jspecify.annotations.NullMarked;
