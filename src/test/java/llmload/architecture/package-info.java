/**
 * The rules of the source tree as tests: levels of packages, the table of libraries, names, and
 * what may be in the repository at all. {@code violations} holds one offender for each rule, so
 * that every rule is seen to bite. May use: ArchUnit, JUnit, AssertJ.
 */
@NullMarked
package llmload.architecture;

import org.jspecify.annotations.NullMarked;
