/**
 * A vector index of the embedded server's own: seeded vectors in clusters, an HNSW graph on disk,
 * approximate and exact search.
 *
 * <p>May use: {@code config}, Lucene. No HTTP here: the server's routes speak for it.
 */
@NullMarked
package llmload.server.retrieval;

import org.jspecify.annotations.NullMarked;
