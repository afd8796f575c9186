package llmload.wire;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks the server to generate, in no dialect's words yet.
 *
 * @param model the model's name; {@code null} sends none
 * @param messages the conversation; may be empty where there is a prompt
 * @param prompt a plain text; {@code null} where there are messages
 * @param stream whether the answer comes token by token
 * @param maxTokens the most tokens to generate
 * @param minTokens the fewest, for servers that know it
 * @param ignoreEos whether to go on after the model's end token, for servers that know it
 * @param temperature the sampling temperature
 * @param seed the sampling seed
 * @param stop texts that end the answer
 * @param extraBody a JSON object merged over the body by RFC 7396: objects merge, {@code null}
 *     removes a key
 * @param jsonSchema the JSON Schema that the answer must fit
 * @param search what to look for in an index; {@code null} but for {@code retrieval}
 * @param schemaId the id under which the server keeps that schema, for dialects that know such
 */
public record GenerationRequest(
    @Nullable String model,
    List<Message> messages,
    @Nullable String prompt,
    boolean stream,
    @Nullable Integer maxTokens,
    @Nullable Integer minTokens,
    boolean ignoreEos,
    @Nullable Double temperature,
    @Nullable Long seed,
    List<String> stop,
    @Nullable String extraBody,
    @Nullable String jsonSchema,
    @Nullable SearchQuery search,
    @Nullable String schemaId) {

  /** Copies the lists. */
  public GenerationRequest {
    messages = List.copyOf(messages);
    stop = List.copyOf(stop);
  }

  /** A builder of a streamed request that asks for nothing yet. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from this request. */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.model = model;
    builder.messages.addAll(messages);
    builder.prompt = prompt;
    builder.stream = stream;
    builder.maxTokens = maxTokens;
    builder.minTokens = minTokens;
    builder.ignoreEos = ignoreEos;
    builder.temperature = temperature;
    builder.seed = seed;
    builder.stop = stop;
    builder.extraBody = extraBody;
    builder.jsonSchema = jsonSchema;
    builder.search = search;
    builder.schemaId = schemaId;
    return builder;
  }

  /** Collects the parts of a request. */
  public static final class Builder {
    private @Nullable String model;
    private final List<Message> messages = new ArrayList<>();
    private @Nullable String prompt;
    private boolean stream = true;
    private @Nullable Integer maxTokens;
    private @Nullable Integer minTokens;
    private boolean ignoreEos;
    private @Nullable Double temperature;
    private @Nullable Long seed;
    private List<String> stop = List.of();
    private @Nullable String extraBody;
    private @Nullable String jsonSchema;
    private @Nullable SearchQuery search;
    private @Nullable String schemaId;

    private Builder() {}

    /** The model's name. */
    public Builder model(@Nullable String value) {
      model = value;
      return this;
    }

    /** The model's name where none was given before. */
    public Builder defaultModel(@Nullable String value) {
      model = model == null ? value : model;
      return this;
    }

    /** Adds a message. */
    public Builder message(Message value) {
      messages.add(value);
      return this;
    }

    /** Replaces all messages. */
    public Builder messages(List<Message> value) {
      messages.clear();
      messages.addAll(value);
      return this;
    }

    /** The plain prompt. */
    public Builder prompt(@Nullable String value) {
      prompt = value;
      return this;
    }

    /** Whether to stream; on unless told. */
    public Builder stream(boolean value) {
      stream = value;
      return this;
    }

    /** The most tokens to generate. */
    public Builder maxTokens(@Nullable Integer value) {
      maxTokens = value;
      return this;
    }

    /** The fewest tokens to generate. */
    public Builder minTokens(@Nullable Integer value) {
      minTokens = value;
      return this;
    }

    /** Whether to go on after the end token. */
    public Builder ignoreEos(boolean value) {
      ignoreEos = value;
      return this;
    }

    /** The sampling temperature. */
    public Builder temperature(@Nullable Double value) {
      temperature = value;
      return this;
    }

    /** The sampling seed. */
    public Builder seed(@Nullable Long value) {
      seed = value;
      return this;
    }

    /** Texts that end the answer. */
    public Builder stop(List<String> value) {
      stop = value;
      return this;
    }

    /** A JSON object merged over the body. */
    public Builder extraBody(@Nullable String value) {
      extraBody = value;
      return this;
    }

    /** The JSON Schema that the answer must fit. */
    public Builder jsonSchema(@Nullable String value) {
      jsonSchema = value;
      return this;
    }

    /** What to look for in an index. */
    public Builder search(@Nullable SearchQuery value) {
      search = value;
      return this;
    }

    /** The id under which the server keeps the JSON Schema. */
    public Builder schemaId(@Nullable String value) {
      schemaId = value;
      return this;
    }

    /** The request. */
    public GenerationRequest build() {
      return new GenerationRequest(
          model,
          messages,
          prompt,
          stream,
          maxTokens,
          minTokens,
          ignoreEos,
          temperature,
          seed,
          stop,
          extraBody,
          jsonSchema,
          search,
          schemaId);
    }
  }
}
