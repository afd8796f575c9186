package llmload.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import llmload.config.ConfigException;
import llmload.config.SettingsReader;
import llmload.feeders.SearchCase;
import llmload.feeders.SearchCaseFile;
import llmload.server.retrieval.IndexSettings;
import llmload.server.retrieval.IndexSpec;
import llmload.server.retrieval.VectorIndex;
import llmload.wire.Dialect;
import llmload.wire.SearchDialects;

/**
 * What a vector search run searches, and how; the keys below {@code llm.retrieval}.
 *
 * @param url the server; absent for {@code baseUrl}, else the embedded one
 * @param dialect the API it speaks
 * @param collection the collection's name, in which {@code {size}} stands for its vectors
 * @param field the field of the vector, for products that name it
 * @param hitCount the hits that each search asks for
 * @param candidates the candidates that the server's graph search shall keep
 * @param queryCount the different queries
 * @param sampleCount how many of them are compared with exact search
 * @param vectorCounts the vectors of each collection; more than one for a run by size
 * @param dimensionCount the dimensions of its vectors
 * @param folder where the embedded server keeps indexes; absent for its own default
 * @param groundTruth queries with their exact answers, from a file; empty to draw queries
 */
public record RetrievalSettings(
    Optional<String> url,
    String dialect,
    String collection,
    String field,
    int hitCount,
    OptionalInt candidates,
    int queryCount,
    int sampleCount,
    List<Integer> vectorCounts,
    int dimensionCount,
    Optional<Path> folder,
    List<SearchCase> groundTruth) {

  private static final String SIZE = "{size}";
  private static final int MAX_QUERIES = 1_000_000;

  /** The setting of {@link #queryCount}, which is also the default of {@code requests}. */
  static int queryCount(SettingsReader settings) {
    return settings.integer("retrieval.queries", 1_000, 1, MAX_QUERIES);
  }

  static RetrievalSettings read(SettingsReader settings, Path root) {
    int hits = settings.integer("retrieval.topK", 10, 1, VectorIndex.MAX_HITS);
    List<Integer> sizes = sizes(settings);
    String collection = settings.text("retrieval.collection", "vectors_" + SIZE);
    if (!collection.replace(SIZE, "").matches("[A-Za-z0-9._-]*")) {
      settings.reject("retrieval.collection", "letters, digits, '.', '_', '-' and {size}");
    }
    if (sizes.size() > 1 && !collection.contains(SIZE)) {
      settings.reject(
          "retrieval.collection", "{size} in the name, where retrieval.sizes names several");
    }
    OptionalInt candidates = settings.integer("retrieval.candidates", 1, 10_000);
    if (candidates.isPresent() && candidates.getAsInt() < hits) {
      settings.reject("retrieval.candidates", hits + ", which is retrieval.topK, or more");
    }
    return new RetrievalSettings(
        settings.text("retrieval.url"),
        settings.choice("retrieval.dialect", SearchDialects.ids(), "embedded"),
        collection,
        settings.text("retrieval.field", "vector"),
        hits,
        candidates,
        queryCount(settings),
        settings.integer("retrieval.recallSample", 100, 0, MAX_QUERIES),
        sizes,
        settings.integer(
            "retrieval.dimensions", IndexSpec.DEFAULT_DIMENSIONS, 1, IndexSpec.MAX_DIMENSIONS),
        settings.text("retrieval.folder").map(root::resolve),
        groundTruth(settings, root, hits, sizes));
  }

  private static List<Integer> sizes(SettingsReader settings) {
    int vectors =
        settings.integer("retrieval.vectors", IndexSpec.DEFAULT_VECTORS, 1, IndexSpec.MAX_VECTORS);
    Optional<List<String>> words = settings.list("retrieval.sizes");
    if (words.isEmpty()) {
      return List.of(vectors);
    }
    Set<Integer> sizes = new LinkedHashSet<>();
    for (String word : words.get()) {
      int size = word.matches("[0-9]{1,9}") ? Integer.parseInt(word) : 0;
      if (size < 1 || size > IndexSpec.MAX_VECTORS) {
        settings.reject("retrieval.sizes", "whole numbers from 1 to " + IndexSpec.MAX_VECTORS);
        return List.of(vectors);
      }
      sizes.add(size);
    }
    return sizes.isEmpty() ? List.of(vectors) : List.copyOf(sizes);
  }

  private static List<SearchCase> groundTruth(
      SettingsReader settings, Path root, int hits, List<Integer> sizes) {
    Optional<String> file = settings.text("retrieval.groundTruth");
    if (file.isEmpty()) {
      return List.of();
    }
    if (sizes.size() > 1) {
      settings.reject("retrieval.groundTruth", "one collection, not several retrieval.sizes");
    }
    try {
      return SearchCaseFile.read(root.resolve(file.get()), hits);
    } catch (ConfigException e) {
      e.problems().forEach(settings::problem);
      return List.of();
    }
  }

  /** Tells what a run by size cannot have. */
  void check(SettingsReader settings, LoadSettings load, TargetSettings target) {
    if (isBySize() && load.isOpen()) {
      settings.reject("rate", "users (a closed load) where retrieval.sizes names several");
    }
    if (isBySize() && load.duration().isPresent()) {
      settings.reject("duration", "requests, not a time, where retrieval.sizes names several");
    }
    boolean embedded = url.isEmpty() && target.baseUrl() == null;
    for (int count : embedded ? vectorCounts : List.<Integer>of()) {
      if (hitCount > count) {
        settings.reject("retrieval.topK", "no more than the " + count + " vectors of the index");
      }
      if (!collection(count).equals(IndexSettings.nameOf(count))) {
        settings.reject(
            "retrieval.collection",
            IndexSettings.nameOf(count) + ", as the embedded server calls it");
      }
    }
    if (!embedded && folder.isPresent()) {
      settings.reject("retrieval.folder", "the embedded server, which alone keeps indexes there");
    }
  }

  /** Tells what a run that only searches cannot have. */
  void checkServer(SettingsReader settings, TargetSettings target) {
    if (url.isPresent() && settings.text("baseUrl").isPresent()) {
      settings.problem("llm.retrieval.url: Expecting it or llm.baseUrl. Found: both.");
    }
    if (!target.endpoints().isEmpty()) {
      settings.problem(
          "llm.endpoints: Expecting llm.retrieval.url or llm.baseUrl, since one server is searched."
              + " Found: "
              + target.endpoints().size()
              + " of them.");
    }
  }

  /** Whether there are several collections, each a part of the run. */
  public boolean isBySize() {
    return vectorCounts.size() > 1;
  }

  /** The name of the collection of that many vectors. */
  public String collection(int vectorCount) {
    return collection.replace(SIZE, Integer.toString(vectorCount));
  }

  /** The name of its requests. */
  public String requestName(int vectorCount) {
    return isBySize() ? "retrieval_" + vectorCount : "retrieval";
  }

  /** The dialect, bound to the collection of that many vectors. */
  public Dialect dialect(int vectorCount) {
    return SearchDialects.of(dialect, collection(vectorCount), field);
  }

  /** The vectors of a collection of the embedded server. */
  public IndexSpec index(int vectorCount) {
    return IndexSpec.of(vectorCount, dimensionCount, IndexSettings.DEFAULT_SEED);
  }

  /** The indexes that the embedded server is to have. */
  IndexSettings indexes(Path root) {
    return new IndexSettings(
        new ArrayList<>(vectorCounts),
        dimensionCount,
        IndexSettings.DEFAULT_SEED,
        folder.orElse(root.resolve(IndexSettings.DEFAULT_FOLDER)));
  }
}
