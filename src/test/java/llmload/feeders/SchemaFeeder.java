package llmload.feeders;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import llmload.schema.FreshSchema;
import llmload.schema.SchemaShape;
import llmload.schema.Schemas;

/**
 * A fresh JSON Schema for each call, its shapes in turn; never exhausted. A record has {@code
 * schema}, {@code prompt}, {@code schemaId}, {@code schemaShape}, and for a list {@code
 * arrayPointer} and {@code itemCount}. Thread safe.
 */
public final class SchemaFeeder implements Iterator<Map<String, Object>> {
  private final Schemas schemas;
  private final List<SchemaShape> shapes;
  private final AtomicInteger count = new AtomicInteger();

  /** Schemas of these shapes, one after the other. */
  public SchemaFeeder(Schemas schemas, List<SchemaShape> shapes) {
    if (shapes.isEmpty()) {
      throw new IllegalArgumentException("shapes: Expecting at least one. Found: none.");
    }
    this.schemas = schemas;
    this.shapes = List.copyOf(shapes);
  }

  @Override
  public boolean hasNext() {
    return true;
  }

  @Override
  public Map<String, Object> next() {
    int turn = Math.floorMod(count.getAndIncrement(), shapes.size());
    FreshSchema schema = schemas.next(shapes.get(turn));
    return Map.of(
        "schema",
        schema.json(),
        "prompt",
        schema.prompt(),
        "schemaId",
        schema.id(),
        "schemaShape",
        schema.shape().id(),
        "arrayPointer",
        schema.arrayPointer(),
        "itemCount",
        schema.itemCount());
  }
}
