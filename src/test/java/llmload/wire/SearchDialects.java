package llmload.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import llmload.model.RequestKind;

/**
 * The dialects of vector search: {@code embedded}, {@code qdrant}, {@code qdrant-search}, {@code
 * elasticsearch} and {@code opensearch}.
 *
 * <p>Each is bound to one collection, which is in its paths. Beside {@code retrieval} they know
 * {@code health}: a look at whether the collection is there.
 */
public final class SearchDialects {
  private SearchDialects() {}

  /** The ids of all dialects. */
  public static List<String> ids() {
    return Arrays.stream(SearchApi.values()).map(SearchApi::id).toList();
  }

  /**
   * The dialect of that id.
   *
   * @param collection the collection or index to search
   * @param field the field of the vector, where the product names it
   * @throws IllegalArgumentException if there is none; the message lists those there are
   */
  public static Dialect of(String id, String collection, String field) {
    for (SearchApi api : SearchApi.values()) {
      if (api.id().equals(id)) {
        return new Bound(api, new SearchApi.Where(collection, field));
      }
    }
    throw new IllegalArgumentException(
        "dialect: Expecting one of " + String.join(", ", ids()) + ". Found: " + id + ".");
  }

  private record Bound(SearchApi api, SearchApi.Where where) implements Dialect {
    private static final Set<RequestKind> KINDS =
        Set.copyOf(EnumSet.of(RequestKind.RETRIEVAL, RequestKind.HEALTH));

    @Override
    public String id() {
      return api.id();
    }

    @Override
    public Set<RequestKind> kinds() {
      return KINDS;
    }

    @Override
    public String path(RequestKind kind) {
      return switch (kind) {
        case RETRIEVAL -> api.searchPath(where.collection());
        case HEALTH -> api.collectionPath(where.collection());
        default ->
            throw new IllegalArgumentException(
                "kind: Expecting retrieval or health. Found: " + kind.id() + ".");
      };
    }

    @Override
    public boolean isPost(RequestKind kind) {
      return kind == RequestKind.RETRIEVAL;
    }

    @Override
    public String encode(RequestKind kind, GenerationRequest request) {
      SearchQuery query = request.search();
      if (kind != RequestKind.RETRIEVAL || query == null) {
        throw new IllegalArgumentException(
            "request: Expecting retrieval and a search. Found: %s and %s."
                .formatted(kind.id(), query == null ? "none" : "one"));
      }
      ObjectNode body = Json.MAPPER.createObjectNode();
      api.write(body, where, query);
      if (request.extraBody() != null) {
        MergePatch.apply(body, "extraBody", request.extraBody());
      }
      return body.toString();
    }

    @Override
    public ReplyReader reader(RequestKind kind, ReplyOptions options) {
      return new WholeReplyReader(kind, options, kind == RequestKind.RETRIEVAL ? api : null);
    }
  }
}
