package llmload.server.engine;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A grammar in llama.cpp's GBNF for compact JSON of a {@link JsonShape}. */
final class JsonGrammar {
  private static final String TERMINALS =
      """
      char ::= [^"\\\\\\x7F\\x00-\\x1F] | "\\\\" (["\\\\bfnrt] | "u" [0-9a-fA-F]{4})
      natural ::= "0" | [1-9] [0-9]{0,8}
      integer ::= "-"? natural
      number ::= "-"? natural ("." [0-9]{1,6})?
      boolean ::= "true" | "false"
      null ::= "null"
      """;
  private static final String ANY =
      """
      object ::= "{" (member ("," member){0,7})? "}"
      member ::= text ":" value
      array ::= "[" (value ("," value){0,7})? "]"
      value ::= text | number | boolean | null | object | array
      text ::= "\\"" char{0,64} "\\""
      """;

  private final List<String> rules = new ArrayList<>();

  private JsonGrammar() {}

  /** The grammar's text. */
  static String of(JsonShape shape) {
    JsonGrammar grammar = new JsonGrammar();
    String root = grammar.value(shape);
    String any = root.equals("object") ? ANY : "";
    return "root ::= " + root + "\n" + String.join("", grammar.rules) + any + TERMINALS;
  }

  private String value(JsonShape shape) {
    if (shape instanceof JsonShape.Plain plain) {
      return plain.name().toLowerCase(Locale.ROOT);
    }
    if (shape instanceof JsonShape.Choice choice) {
      return choice(choice);
    }
    if (shape instanceof JsonShape.Members object) {
      return object(object);
    }
    if (shape instanceof JsonShape.Items array) {
      return array(array);
    }
    if (shape instanceof JsonShape.Text text) {
      return rule("\"\\\"\" char{" + text.leastCount() + "," + text.mostCount() + "} \"\\\"\"");
    }
    return "object";
  }

  private String choice(JsonShape.Choice choice) {
    String alternatives =
        choice.literals().stream().map(JsonGrammar::literal).collect(Collectors.joining(" | "));
    return choice.literals().size() == 1 ? alternatives : rule(alternatives);
  }

  private String object(JsonShape.Members object) {
    List<String> members = new ArrayList<>();
    for (JsonShape.Member member : object.members()) {
      String name = new String(JsonStringEncoder.getInstance().quoteAsString(member.name()));
      members.add(literal('"' + name + '"') + " \":\" " + value(member.value()));
    }
    return rule("\"{\" " + String.join(" \",\" ", members) + " \"}\"");
  }

  private String array(JsonShape.Items array) {
    if (array.mostCount() == 0) {
      return "\"[]\"";
    }
    String item = value(array.item());
    int least = array.leastCount();
    String more =
        "(\",\" " + item + "){" + Math.max(0, least - 1) + "," + (array.mostCount() - 1) + "}";
    String some = item + " " + more;
    return rule("\"[\" " + (least == 0 ? "(" + some + ")?" : some) + " \"]\"");
  }

  private String rule(String body) {
    String name = "r" + rules.size();
    rules.add(name + " ::= " + body + "\n");
    return name;
  }

  /** JSON text as a GBNF literal. */
  private static String literal(String json) {
    return '"' + json.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
