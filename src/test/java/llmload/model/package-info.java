/**
 * The words of the domain, as immutable values.
 *
 * <p>One word per concept: a <em>record</em> is what one request left behind, a <em>sample</em> is
 * one telemetry reading, a <em>target</em> is a limit, a <em>verdict</em> is an outcome. Every
 * number's name ends in its unit unless the type carries a unit of its own. What was not measured
 * is {@code null}, never zero. May use: the JDK.
 */
@NullMarked
package llmload.model;

import org.jspecify.annotations.NullMarked;
