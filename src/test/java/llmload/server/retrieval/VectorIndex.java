package llmload.server.retrieval;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.MultiReader;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnByteVectorQuery;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.MMapDirectory;

/**
 * An index on disk, read through the page cache and not the heap.
 *
 * <p>Approximate search walks one graph a part; exact search compares with every vector as it was
 * before it became bytes, so that recall tells the graph's misses and the rounding's alike. Thread
 * safe.
 */
public final class VectorIndex implements AutoCloseable {
  /** The most hits of a search, and the most candidates that it may look at. */
  public static final int MAX_HITS = 1_000;

  /** Candidates that a search looks at where it does not say. */
  public static final int DEFAULT_CANDIDATES = 100;

  private final IndexSpec spec;
  private final ByteVectors bytes;
  private final List<FSDirectory> directories;
  private final IndexReader reader;
  private final IndexSearcher searcher;

  private VectorIndex(IndexSpec spec, List<FSDirectory> directories, IndexReader reader) {
    this.spec = spec;
    this.bytes = new ByteVectors(spec.dimensionCount());
    this.directories = directories;
    this.reader = reader;
    this.searcher = new IndexSearcher(reader);
    // Vectors do not repeat: what a cache would keep nobody asks again.
    searcher.setQueryCache(null);
  }

  /**
   * Opens the index of {@code spec} under {@code root}, building it first where it is not there.
   *
   * @param root the folder of all indexes
   * @param progress told now and then how many vectors are in the index, while it is built; from
   *     any thread
   * @throws UncheckedIOException if it can be neither read nor written
   */
  public static VectorIndex open(IndexSpec spec, Path root, IntConsumer progress) {
    Path folder = root.resolve(spec.folderName());
    new IndexBuilder(spec, folder, progress).buildIfAbsent();
    List<FSDirectory> directories = new ArrayList<>();
    List<IndexReader> readers = new ArrayList<>();
    try {
      for (Path part : IndexBuilder.parts(folder, spec)) {
        FSDirectory directory = new MMapDirectory(part);
        directories.add(directory);
        readers.add(DirectoryReader.open(directory));
      }
      return new VectorIndex(
          spec, directories, new MultiReader(readers.toArray(IndexReader[]::new), true));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "retrieval: Expecting an index that can be read. Found: " + folder + ", " + e + ".", e);
    }
  }

  /** What it holds. */
  public IndexSpec spec() {
    return spec;
  }

  /**
   * The nearest vectors that the graphs lead to, nearest first.
   *
   * @param vector the query, of any length but 0 and of the index's dimensions
   * @param hitCount how many to return
   * @param candidateCount how many to look at in each part, from {@code hitCount}
   * @throws IllegalArgumentException if the query has other dimensions or a count is out of range
   */
  public List<Hit> search(float[] vector, int hitCount, int candidateCount) {
    require(vector);
    if (hitCount < 1 || hitCount > MAX_HITS || candidateCount < hitCount) {
      throw new IllegalArgumentException(
          "k: Expecting a whole number from 1 to " + MAX_HITS + ". Found: " + hitCount + ".");
    }
    try {
      KnnByteVectorQuery query =
          new KnnByteVectorQuery(IndexBuilder.VECTOR, bytes.of(vector), candidateCount);
      List<Hit> hits = new ArrayList<>();
      for (ScoreDoc found : searcher.search(query, hitCount).scoreDocs) {
        hits.add(new Hit(id(found.doc), cosine(found.score)));
      }
      return hits;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private long id(int doc) throws IOException {
    List<LeafReaderContext> leaves = reader.leaves();
    LeafReaderContext leaf = leaves.get(ReaderUtil.subIndex(doc, leaves));
    NumericDocValues ids = leaf.reader().getNumericDocValues(IndexBuilder.ID);
    if (ids == null || !ids.advanceExact(doc - leaf.docBase)) {
      throw new IOException("a vector without an id");
    }
    return ids.longValue();
  }

  /** Lucene scores a dot product of d bytes as 0.5 + dot ÷ (d × 2¹⁵). */
  private double cosine(float score) {
    return bytes.cosine((score - 0.5) * spec.dimensionCount() * (1 << 15));
  }

  /**
   * The really nearest vectors of each query, nearest first, found by comparing with all; of equals
   * the one with the lower id. Uses every core; the work is that of making every vector once and
   * comparing it with every query.
   *
   * @throws IllegalArgumentException if a query has other dimensions or the count is out of range
   */
  public List<List<Hit>> exact(List<float[]> queries, int hitCount) {
    queries.forEach(this::require);
    if (hitCount < 1 || hitCount > MAX_HITS) {
      throw new IllegalArgumentException(
          "k: Expecting a whole number from 1 to " + MAX_HITS + ". Found: " + hitCount + ".");
    }
    ClusteredVectors vectors = new ClusteredVectors(spec);
    int chunks = Math.min(spec.vectorCount(), 4 * Runtime.getRuntime().availableProcessors());
    List<NearestHits[]> partial =
        IntStream.range(0, chunks)
            .parallel()
            .mapToObj(
                chunk ->
                    nearest(
                        vectors,
                        queries,
                        hitCount,
                        (long) spec.vectorCount() * chunk / chunks,
                        (long) spec.vectorCount() * (chunk + 1) / chunks))
            .toList();
    List<List<Hit>> answers = new ArrayList<>();
    for (int q = 0; q < queries.size(); q++) {
      NearestHits all = new NearestHits(hitCount);
      for (NearestHits[] part : partial) {
        part[q].ascendingIds().forEach(hit -> all.add(hit.id(), hit.cosineRatio()));
      }
      double length = length(queries.get(q));
      answers.add(
          all.nearestFirst().stream().map(h -> new Hit(h.id(), h.cosineRatio() / length)).toList());
    }
    return answers;
  }

  private static NearestHits[] nearest(
      ClusteredVectors vectors, List<float[]> queries, int hitCount, long from, long to) {
    NearestHits[] nearest = new NearestHits[queries.size()];
    for (int q = 0; q < nearest.length; q++) {
      nearest[q] = new NearestHits(hitCount);
    }
    for (long id = from; id < to; id++) {
      float[] vector = vectors.indexed(id);
      for (int q = 0; q < nearest.length; q++) {
        nearest[q].add(id, dot(vector, queries.get(q)));
      }
    }
    return nearest;
  }

  /** Eight sums side by side, which the processor adds up at once. */
  private static double dot(float[] a, float[] b) {
    float[] sums = new float[8];
    int whole = a.length & ~7;
    for (int i = 0; i < whole; i += 8) {
      for (int j = 0; j < 8; j++) {
        sums[j] += a[i + j] * b[i + j];
      }
    }
    double sum = 0;
    for (float part : sums) {
      sum += part;
    }
    for (int i = whole; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  private static double length(float[] vector) {
    return Math.sqrt(dot(vector, vector));
  }

  private void require(float[] vector) {
    if (vector.length != spec.dimensionCount()) {
      throw new IllegalArgumentException(
          "vector: Expecting %d numbers. Found: %d."
              .formatted(spec.dimensionCount(), vector.length));
    }
  }

  @Override
  public void close() {
    try {
      reader.close();
      for (Closeable directory : directories) {
        directory.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
