package llmload.server.retrieval;

/**
 * Unit vectors in clusters, each made from its number alone, so that they need not be kept.
 *
 * <p>Real embeddings fill only a few of their dimensions: here the centres of the clusters lie in a
 * space of {@value #GLOBAL_DIRECTIONS} random directions, and each cluster spreads along {@value
 * #LOCAL_DIRECTIONS} of its own. A query is drawn as an indexed vector is, from the same clusters
 * but with numbers of its own. Thread safe.
 */
public final class ClusteredVectors {
  private static final int GLOBAL_DIRECTIONS = 24;
  private static final int LOCAL_DIRECTIONS = 16;

  /** The length of a vector's typical distance from the centre, whose own length is 1. */
  private static final double SPREAD = 0.6;

  private static final long INDEXED = 1;
  private static final long QUERIED = 2;
  private static final long CENTRES = 3;
  private static final long DIRECTIONS = 4;
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private final IndexSpec spec;
  private final float[][] centres;
  private final float[][] directions;

  /** The vectors of {@code spec}. */
  public ClusteredVectors(IndexSpec spec) {
    this.spec = spec;
    this.centres = new float[spec.clusterCount()][];
    this.directions = new float[spec.clusterCount() * LOCAL_DIRECTIONS][];
    float[][] global = new float[GLOBAL_DIRECTIONS][];
    for (int i = 0; i < GLOBAL_DIRECTIONS; i++) {
      global[i] = direction(new Draws(spec.seed(), DIRECTIONS, i));
    }
    for (int c = 0; c < centres.length; c++) {
      Draws draws = new Draws(spec.seed(), CENTRES, c);
      float[] centre = new float[spec.dimensionCount()];
      for (float[] along : global) {
        add(centre, along, draws.normal());
      }
      centres[c] = normalized(centre);
      for (int i = 0; i < LOCAL_DIRECTIONS; i++) {
        directions[c * LOCAL_DIRECTIONS + i] = direction(draws);
      }
    }
  }

  /** The indexed vector of that id. */
  public float[] indexed(long id) {
    return drawn(new Draws(spec.seed(), INDEXED, id));
  }

  /** The query of that number; none is an indexed vector. */
  public float[] query(long number) {
    return drawn(new Draws(spec.seed(), QUERIED, number));
  }

  private float[] drawn(Draws draws) {
    int cluster = draws.below(centres.length);
    float[] vector = centres[cluster].clone();
    double scale = SPREAD / Math.sqrt(LOCAL_DIRECTIONS);
    for (int i = 0; i < LOCAL_DIRECTIONS; i++) {
      add(vector, directions[cluster * LOCAL_DIRECTIONS + i], draws.normal() * scale);
    }
    return normalized(vector);
  }

  private float[] direction(Draws draws) {
    float[] vector = new float[spec.dimensionCount()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) draws.normal();
    }
    return normalized(vector);
  }

  private static void add(float[] to, float[] along, double factor) {
    float f = (float) factor;
    for (int i = 0; i < to.length; i++) {
      to[i] += f * along[i];
    }
  }

  private static float[] normalized(float[] vector) {
    double squares = 0;
    for (float x : vector) {
      squares += (double) x * x;
    }
    if (squares == 0) {
      vector[0] = 1;
      return vector;
    }
    float factor = (float) (1 / Math.sqrt(squares));
    for (int i = 0; i < vector.length; i++) {
      vector[i] *= factor;
    }
    return vector;
  }

  /**
   * SplitMix64 (Steele, Lea and Flood 2014), spelled out: the JDK does not promise that its own
   * generators give the same normal numbers in every version, and an index outlives a JDK.
   */
  private static final class Draws {
    private long state;

    Draws(long seed, long stream, long number) {
      state = mixed(mixed(mixed(seed) + stream) + number);
    }

    private static long mixed(long value) {
      long z = value + GOLDEN;
      z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
      z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
      return z ^ (z >>> 31);
    }

    private long next() {
      long value = mixed(state);
      state += GOLDEN;
      return value;
    }

    int below(int bound) {
      return (int) (((next() >>> 32) * bound) >>> 32);
    }

    /** Normal enough: the sum of four uniform numbers of 16 bits, of mean 0 and deviation 1. */
    double normal() {
      long bits = next();
      long sum =
          (bits & 0xFFFF) + ((bits >>> 16) & 0xFFFF) + ((bits >>> 32) & 0xFFFF) + (bits >>> 48);
      return (sum / 65536.0 - 2) * Math.sqrt(3);
    }
  }
}
