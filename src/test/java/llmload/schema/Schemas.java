package llmload.schema;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes schemas that no server has compiled before: each has an id of its own, in which the keys of
 * its root end, so that neither a grammar nor a prompt can come from a cache.
 *
 * <p>They hold to what OpenAI's strict mode accepts (an object at the root, every key required, no
 * further keys) and use only {@code type}, {@code properties}, {@code items}, {@code enum}, {@code
 * minItems}, {@code maxItems}, {@code minimum} and {@code maximum}, which the usual grammar back
 * ends know. The same seed gives the same schemas. Thread safe.
 */
public final class Schemas {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final int MAX_AGE = 120;

  private final int key;
  private final int itemCount;
  private final AtomicInteger count = new AtomicInteger();

  /**
   * Schemas of a run.
   *
   * @param seed the run's seed
   * @param runId the run, so that two runs with one seed do not meet in a cache
   * @param itemCount the items of each list
   */
  public Schemas(long seed, String runId, int itemCount) {
    if (itemCount < 1 || itemCount > 100) {
      throw new IllegalArgumentException(
          "itemCount: Expecting 1 to 100. Found: " + itemCount + ".");
    }
    this.key = Long.hashCode(seed) * 31 + runId.hashCode();
    this.itemCount = itemCount;
  }

  /** A schema of that shape that was never made before. */
  public FreshSchema next(SchemaShape shape) {
    // A product with an odd number maps 32 bits one to one, so no id comes twice.
    String id = String.format(Locale.ROOT, "%08x", (key ^ count.getAndIncrement()) * 0x9e3779b1);
    Names names = new Names(id);
    return switch (shape) {
      case SIMPLE ->
          new FreshSchema(
              shape,
              id,
              person(names).toString(),
              "Give the name, age and email of a person, as JSON with the keys %s, %s and %s."
                  .formatted(names.of("name"), names.of("age"), names.of("email")),
              "",
              0);
      case NESTED ->
          new FreshSchema(
              shape,
              id,
              nested(names).toString(),
              "Describe a user, as JSON with the keys %s and %s inside %s."
                  .formatted(names.of("personal"), names.of("contact"), names.of("user")),
              "",
              0);
      case ARRAY ->
          new FreshSchema(
              shape,
              id,
              array(names).toString(),
              "Make up exactly %d users with their addresses, as JSON with the list %s."
                  .formatted(itemCount, names.of("users")),
              "/" + names.of("users"),
              itemCount);
    };
  }

  /** Keys that end in a schema's id. */
  private record Names(String id) {
    String of(String word) {
      return word + "_" + id;
    }
  }

  private static ObjectNode person(Names names) {
    return object(
        Map.entry(names.of("name"), text()),
        Map.entry(names.of("age"), age()),
        Map.entry(names.of("email"), text()));
  }

  private static ObjectNode nested(Names names) {
    ObjectNode personal =
        object(Map.entry(names.of("name"), text()), Map.entry(names.of("age"), age()));
    ObjectNode contact =
        object(Map.entry(names.of("email"), text()), Map.entry(names.of("phone"), text()));
    return object(
        Map.entry(
            names.of("user"),
            object(
                Map.entry(names.of("personal"), personal),
                Map.entry(names.of("contact"), contact))));
  }

  private ObjectNode array(Names names) {
    ObjectNode address =
        object(Map.entry("street", text()), Map.entry("city", text()), Map.entry("zip", text()));
    ObjectNode user =
        object(
            Map.entry("name", text()),
            Map.entry("age", age()),
            Map.entry("email", text()),
            Map.entry("address", address));
    ObjectNode list = NODES.objectNode().put("type", "array");
    list.set("items", user);
    list.put("minItems", itemCount).put("maxItems", itemCount);
    return object(Map.entry(names.of("users"), list));
  }

  private static ObjectNode text() {
    return NODES.objectNode().put("type", "string");
  }

  private static ObjectNode age() {
    return NODES.objectNode().put("type", "integer").put("minimum", 0).put("maximum", MAX_AGE);
  }

  @SafeVarargs
  private static ObjectNode object(Map.Entry<String, ObjectNode>... members) {
    ObjectNode schema = NODES.objectNode().put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    ArrayNode required = schema.putArray("required");
    for (Map.Entry<String, ObjectNode> member : members) {
      properties.set(member.getKey(), member.getValue());
      required.add(member.getKey());
    }
    return schema.put("additionalProperties", false);
  }
}
