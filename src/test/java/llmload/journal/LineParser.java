package llmload.journal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the parsers of the journal's lines share: one JSON object a line, read field by field. */
abstract class LineParser {
  private static final JsonFactory JSON =
      JsonFactory.builder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();

  private int[] numbers = new int[256];

  /**
   * Reads one line, handing each field that is not null to {@link #field}.
   *
   * @throws ForeignVersionException if it names another version than ours
   * @throws IOException if it is no JSON object, or not whole
   */
  final void readObject(byte[] bytes, int start, int length) throws IOException {
    try (JsonParser json = JSON.createParser(bytes, start, length)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new JsonParseException(json, "no object");
      }
      String name;
      while ((name = json.nextFieldName()) != null) {
        JsonToken value = json.nextToken();
        if (value == JsonToken.VALUE_NULL) {
          continue;
        }
        if (name.equals("v")) {
          requireOurVersion(json);
        } else {
          field(name, json);
        }
      }
      if (json.currentToken() != JsonToken.END_OBJECT || json.nextToken() != null) {
        throw new JsonParseException(json, "more than one object");
      }
    }
  }

  /** Takes the value that {@code json} stands at, or skips it if the name is not known. */
  abstract void field(String name, JsonParser json) throws IOException;

  private static void requireOurVersion(JsonParser json) throws IOException {
    String found = json.getText();
    if (!found.equals(String.valueOf(JournalLine.VERSION))) {
      throw new ForeignVersionException(found);
    }
  }

  /** The text at {@code json}, which must be a string. */
  static String text(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.VALUE_STRING) {
      throw new JsonParseException(json, "no text");
    }
    return json.getText();
  }

  /** The whole numbers of the array at {@code json}. */
  final int[] numbers(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      throw new JsonParseException(json, "no array");
    }
    int size = 0;
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (size == numbers.length) {
        numbers = Arrays.copyOf(numbers, size * 2);
      }
      numbers[size++] = json.getIntValue();
    }
    return Arrays.copyOf(numbers, size);
  }

  /** The words of the object at {@code json}. */
  static Map<String, String> words(JsonParser json) throws IOException {
    requireObject(json);
    Map<String, String> words = new HashMap<>();
    String name;
    while ((name = json.nextFieldName()) != null) {
      json.nextToken();
      words.put(name, text(json));
    }
    return words;
  }

  /** The numbers of the object at {@code json}. */
  static Map<String, Double> values(JsonParser json) throws IOException {
    requireObject(json);
    Map<String, Double> values = new HashMap<>();
    String name;
    while ((name = json.nextFieldName()) != null) {
      json.nextToken();
      values.put(name, json.getDoubleValue());
    }
    return values;
  }

  /** {@code value}, which the line must have had. */
  static <T> T required(@Nullable T value, String name) throws IOException {
    if (value == null) {
      throw new IOException(name + ": Expecting a value. Found: none.");
    }
    return value;
  }

  private static void requireObject(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      throw new JsonParseException(json, "no object");
    }
  }
}
