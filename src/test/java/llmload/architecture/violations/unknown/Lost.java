package llmload.architecture.violations.unknown;

/** In a package that the table of levels does not know. */
final class Lost {
  private Lost() {}
}
