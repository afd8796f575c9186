package llmload.schema;

import java.util.Locale;

/** The shapes of the schemas that {@link Schemas} makes. */
public enum SchemaShape {
  /** A person: name, age, e-mail. */
  SIMPLE,
  /** A user in two groups: personal and contact. */
  NESTED,
  /** A list of an exact number of users, each with an address. */
  ARRAY;

  /** The word used in settings and tags, for example {@code nested}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
