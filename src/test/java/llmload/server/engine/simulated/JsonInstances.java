package llmload.server.engine.simulated;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.List;
import java.util.random.RandomGenerator;
import llmload.server.engine.JsonShape;

/**
 * Draws compact JSON of a shape.
 *
 * <p>Lists and texts have any length that the shape allows, texts in whole words where one fits,
 * and few of them: at most {@value #MAX_WORDS} words beyond what the shape demands.
 */
final class JsonInstances {
  private static final int MAX_WORDS = 4;
  private static final int MAX_MEMBERS = 4;
  private static final int MAX_DEPTH = 2;
  private static final int MAX_NUMBER = 1_000;
  private static final List<JsonShape> LEAVES =
      List.of(
          new JsonShape.Text(1, 64),
          JsonShape.Plain.NUMBER,
          JsonShape.Plain.INTEGER,
          JsonShape.Plain.BOOLEAN,
          JsonShape.Plain.NULL);

  private final SimulatedText words;
  private final RandomGenerator random;

  JsonInstances(SimulatedText words, RandomGenerator random) {
    this.words = words;
    this.random = random;
  }

  /** JSON of {@code shape}. */
  String draw(JsonShape shape) {
    StringBuilder out = new StringBuilder();
    append(shape, out);
    return out.toString();
  }

  private void append(JsonShape shape, StringBuilder out) {
    if (shape instanceof JsonShape.Plain plain) {
      out.append(plain(plain));
    } else if (shape instanceof JsonShape.Choice choice) {
      out.append(choice.literals().get(random.nextInt(choice.literals().size())));
    } else if (shape instanceof JsonShape.Members object) {
      appendObject(object, out);
    } else if (shape instanceof JsonShape.Items array) {
      appendArray(array, out);
    } else if (shape instanceof JsonShape.Text text) {
      appendText(text, out);
    } else {
      appendAnyObject(0, out);
    }
  }

  private String plain(JsonShape.Plain plain) {
    return switch (plain) {
      case NATURAL -> Integer.toString(random.nextInt(MAX_NUMBER));
      case INTEGER -> Integer.toString(random.nextInt(-MAX_NUMBER, MAX_NUMBER));
      case NUMBER -> random.nextInt(-MAX_NUMBER, MAX_NUMBER) + "." + random.nextInt(10);
      case BOOLEAN -> Boolean.toString(random.nextBoolean());
      case NULL -> "null";
    };
  }

  private void appendObject(JsonShape.Members object, StringBuilder out) {
    String before = "{";
    for (JsonShape.Member member : object.members()) {
      out.append(before).append('"');
      JsonStringEncoder.getInstance().quoteAsString(member.name(), out);
      out.append("\":");
      append(member.value(), out);
      before = ",";
    }
    out.append(object.members().isEmpty() ? "{}" : "}");
  }

  private void appendArray(JsonShape.Items array, StringBuilder out) {
    int count = random.nextInt(array.leastCount(), array.mostCount() + 1);
    out.append('[');
    for (int i = 0; i < count; i++) {
      if (i > 0) {
        out.append(',');
      }
      append(array.item(), out);
    }
    out.append(']');
  }

  private void appendText(JsonShape.Text text, StringBuilder out) {
    StringBuilder said = new StringBuilder();
    int wordCount = 1 + random.nextInt(MAX_WORDS);
    for (int i = 0; i < wordCount || characters(said) < text.leastCount(); i++) {
      String word = word();
      if (i > 0 && characters(said) + characters(word) + 1 > text.mostCount()) {
        break;
      }
      said.append(i == 0 ? "" : " ").append(word);
    }
    while (characters(said) < text.leastCount()) {
      said.append('a');
    }
    int length = Math.min(characters(said), text.mostCount());
    out.append('"').append(said, 0, said.offsetByCodePoints(0, length)).append('"');
  }

  private void appendAnyObject(int depth, StringBuilder out) {
    int count = 1 + random.nextInt(MAX_MEMBERS);
    for (int i = 0; i < count; i++) {
      // Numbered, since no name may come twice.
      out.append(i == 0 ? "{" : ",").append('"').append(word()).append(i).append("\":");
      int kind = random.nextInt(LEAVES.size() + (depth < MAX_DEPTH ? 1 : 0));
      if (kind == LEAVES.size()) {
        appendAnyObject(depth + 1, out);
      } else {
        append(LEAVES.get(kind), out);
      }
    }
    out.append('}');
  }

  private String word() {
    return words.word(words.wordIndex(random.nextLong(), 0)).strip();
  }

  private static int characters(CharSequence text) {
    return Character.codePointCount(text, 0, text.length());
  }
}
