package llmload.schema;

/**
 * A schema that no request has carried before, and the prompt that asks for its like.
 *
 * @param shape its shape
 * @param id unique to it; the keys of its root end in it
 * @param json the JSON Schema
 * @param prompt a request in words for such an object
 * @param arrayPointer the JSON Pointer of its list; empty where it has none
 * @param itemCount the exact number of items of that list; 0 where it has none
 */
public record FreshSchema(
    SchemaShape shape, String id, String json, String prompt, String arrayPointer, int itemCount) {}
