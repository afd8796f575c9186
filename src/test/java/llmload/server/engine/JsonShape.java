package llmload.server.engine;

import java.util.List;

/**
 * What the JSON of an answer must look like, in terms that every engine can hold itself to.
 *
 * <p>All JSON that fits is compact: no white space between its tokens. Lengths are counted in
 * characters of the text, an escape being one of them.
 */
public sealed interface JsonShape {

  /** Any object. */
  record AnyObject() implements JsonShape {}

  /**
   * One of several texts.
   *
   * @param literals JSON, at least one
   */
  record Choice(List<String> literals) implements JsonShape {}

  /**
   * An object with exactly these members, in this order.
   *
   * @param members name and value of each
   */
  record Members(List<Member> members) implements JsonShape {}

  /**
   * A member of an object.
   *
   * @param name its name, not escaped
   * @param value its value
   */
  record Member(String name, JsonShape value) {}

  /**
   * A list.
   *
   * @param item each of its items
   * @param leastCount the fewest of them
   * @param mostCount the most
   */
  record Items(JsonShape item, int leastCount, int mostCount) implements JsonShape {}

  /**
   * A text.
   *
   * @param leastCount the fewest characters
   * @param mostCount the most
   */
  record Text(int leastCount, int mostCount) implements JsonShape {}

  /** A value of a type without further rules. */
  enum Plain implements JsonShape {
    /** A whole number from 0 on, at most 9 digits after the first. */
    NATURAL,
    /** The same with or without a sign. */
    INTEGER,
    /** A number with at most 6 digits behind its point. */
    NUMBER,
    /** True or false. */
    BOOLEAN,
    /** Null. */
    NULL
  }
}
