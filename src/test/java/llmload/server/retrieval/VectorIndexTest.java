package llmload.server.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import llmload.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VectorIndexTest {
  private static final IndexSpec SPEC = IndexSpec.of(3_000, 48, 7);

  @TempDir private Path folder;

  private final ClusteredVectors vectors = new ClusteredVectors(SPEC);

  private VectorIndex open(AtomicInteger built) {
    return VectorIndex.open(SPEC, folder, done -> built.accumulateAndGet(done, Math::max));
  }

  private VectorIndex open() {
    return open(new AtomicInteger());
  }

  private List<float[]> queries() {
    return IntStream.range(0, 40).mapToObj(vectors::query).toList();
  }

  /** By comparing with every vector, in double precision and with no code of the index. */
  private List<Long> nearest(float[] query, int count) {
    double[] cosines = new double[SPEC.vectorCount()];
    List<Long> ids = new ArrayList<>();
    for (int id = 0; id < cosines.length; id++) {
      float[] vector = vectors.indexed(id);
      for (int i = 0; i < vector.length; i++) {
        cosines[id] += (double) vector[i] * query[i];
      }
      ids.add((long) id);
    }
    ids.sort(Comparator.comparingDouble(id -> -cosines[id.intValue()]));
    return ids.subList(0, count);
  }

  private static List<Long> ids(List<Hit> hits) {
    return hits.stream().map(Hit::id).toList();
  }

  @Test
  void vectors_haveLengthOne_andQueriesAreNoneOfThem() {
    float[] query = vectors.query(5);

    assertThat(
            IntStream.range(0, 50).mapToDouble(id -> dot(vectors.indexed(id), vectors.indexed(id))))
        .allSatisfy(square -> assertThat(square).isCloseTo(1, within(1e-5)));
    assertThat(dot(query, query)).isCloseTo(1, within(1e-5));
    assertThat(dot(query, vectors.indexed(nearest(query, 1).get(0)))).isLessThan(0.9999);
    assertThat(new ClusteredVectors(SPEC).indexed(17)).isEqualTo(vectors.indexed(17));
    assertThat(new ClusteredVectors(IndexSpec.of(3_000, 48, 8)).indexed(17))
        .isNotEqualTo(vectors.indexed(17));
  }

  private static double dot(float[] a, float[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> (double) a[i] * b[i]).sum();
  }

  @Test
  void exact_isWhatComparingWithEveryVectorFinds() {
    try (VectorIndex index = open()) {
      List<List<Hit>> answers = index.exact(queries(), 10);

      assertThat(answers).hasSize(40);
      for (int q = 0; q < 40; q++) {
        assertThat(ids(answers.get(q))).isEqualTo(nearest(queries().get(q), 10));
      }
    }
  }

  @Test
  void search_findsNearlyAllOfTheTenNearest_withTheirCosines() {
    try (VectorIndex index = open()) {
      int found = 0;
      for (float[] query : queries()) {
        List<Hit> hits = index.search(query, 10, 100);
        List<Long> exact = nearest(query, 10);
        assertThat(hits)
            .hasSize(10)
            .isSortedAccordingTo(Comparator.comparingDouble(Hit::cosineRatio).reversed());
        found += (int) hits.stream().filter(hit -> exact.contains(hit.id())).count();
        for (Hit hit : hits) {
          // A byte holds 127 steps for 4.5 deviations: a cosine is right to about a hundredth.
          assertThat(hit.cosineRatio())
              .isCloseTo(dot(query, vectors.indexed(hit.id())), within(0.02));
        }
      }
      assertThat(found / 400.0).isGreaterThan(0.9);
    }
  }

  @Test
  void search_queryOfAnyLength_findsTheSame() {
    try (VectorIndex index = open()) {
      float[] query = vectors.query(1);
      float[] longer = query.clone();
      for (int i = 0; i < longer.length; i++) {
        longer[i] *= 40;
      }

      assertThat(ids(index.search(longer, 5, 50))).isEqualTo(ids(index.search(query, 5, 50)));
    }
  }

  @Test
  void search_wrongDimensionsOrCount_isRefused() {
    try (VectorIndex index = open()) {
      assertThatThrownBy(() -> index.search(new float[3], 10, 100))
          .hasMessage("vector: Expecting 48 numbers. Found: 3.");
      assertThatThrownBy(() -> index.search(vectors.query(0), 1_001, 2_000))
          .hasMessage("k: Expecting a whole number from 1 to 1000. Found: 1001.");
      assertThatThrownBy(() -> index.exact(List.of(new float[3]), 10))
          .hasMessage("vector: Expecting 48 numbers. Found: 3.");
    }
  }

  @Test
  void open_wholeIndex_isNotBuiltAgain() {
    open().close();
    AtomicInteger built = new AtomicInteger();
    try (VectorIndex index = open(built)) {
      assertThat(built).hasValue(0);
      assertThat(index.search(vectors.query(2), 10, 100)).hasSize(10);
    }
  }

  @Test
  void open_afterABuildThatWasCutOff_buildsItAgain() throws IOException {
    List<Long> whole;
    try (VectorIndex index = open()) {
      whole = ids(index.search(vectors.query(3), 10, 100));
    }
    Path cutOff = folder.resolve(SPEC.folderName());
    Files.delete(cutOff.resolve("complete.txt"));
    try (Stream<Path> files = Files.list(cutOff.resolve("part-0"))) {
      for (Path file : files.toList()) {
        Files.write(file, new byte[] {1});
      }
    }
    AtomicInteger built = new AtomicInteger();
    try (VectorIndex index = open(built)) {
      assertThat(built).hasValue(3_000);
      // The same numbers make the same graph.
      assertThat(ids(index.search(vectors.query(3), 10, 100))).isEqualTo(whole);
    }
  }

  @Test
  void spec_otherNumbers_otherFolder() {
    assertThat(
            Stream.of(
                    SPEC,
                    IndexSpec.of(3_001, 48, 7),
                    IndexSpec.of(3_000, 49, 7),
                    IndexSpec.of(3_000, 48, 8),
                    new IndexSpec(3_000, 48, 54, 7))
                .map(IndexSpec::folderName))
        .doesNotHaveDuplicates();
    assertThat(IndexSpec.of(3_000, 48, 7).folderName()).isEqualTo(SPEC.folderName());
  }

  @Test
  void spec_wrongNumbers_areToldTogether() {
    assertThatThrownBy(() -> IndexSpec.of(0, 2_000, 7))
        .isInstanceOfSatisfying(
            ConfigException.class,
            e ->
                assertThat(e.problems())
                    .contains(
                        "retrieval.vectors: Expecting a whole number from 1 to 100000000. Found: 0.",
                        "retrieval.dimensions: Expecting a whole number from 1 to 1024. Found: 2000."));
  }
}
