package llmload.simulations.scenarios;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import llmload.schema.FreshSchema;
import llmload.schema.SchemaShape;
import llmload.schema.Schemas;
import org.jspecify.annotations.Nullable;

/** The pairs of a comparison, each with a fresh schema, in a random order that the seed decides. */
final class PairPlan {
  private PairPlan() {}

  /**
   * One ask, sent twice.
   *
   * @param id its name in the journal
   * @param model the model; {@code null} for the run's own
   * @param schema the schema and the ask in words
   * @param structuredFirst whether the structured half comes first
   */
  record Pair(String id, @Nullable String model, FreshSchema schema, boolean structuredFirst) {}

  /**
   * The pairs.
   *
   * @param models the models; empty for the run's own alone
   */
  static List<Pair> of(Schemas schemas, int repetitions, List<String> models, long seed) {
    Random random = new Random(seed);
    List<@Nullable String> all = new ArrayList<>(models);
    if (all.isEmpty()) {
      all.add(null);
    }
    List<Pair> pairs = new ArrayList<>();
    for (int repetition = 1; repetition <= repetitions; repetition++) {
      for (String model : all) {
        for (SchemaShape shape : SchemaShape.values()) {
          String id = (model == null ? "" : model + "/") + shape.id() + "/" + repetition;
          pairs.add(new Pair(id, model, schemas.next(shape), random.nextBoolean()));
        }
      }
    }
    Collections.shuffle(pairs, random);
    return List.copyOf(pairs);
  }
}
