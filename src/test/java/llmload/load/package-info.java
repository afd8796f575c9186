/**
 * Pure arrival schedules: when an open load wants its requests sent, and nothing else.
 *
 * <p>A schedule is a stream of offsets from the plan's start; whoever drives the load turns them
 * into sends. Everything random is seeded and gives the same offsets on every machine. May use: the
 * JDK.
 */
@NullMarked
package llmload.load;

import org.jspecify.annotations.NullMarked;
