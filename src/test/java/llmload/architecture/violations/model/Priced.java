package llmload.architecture.violations.model;

/**
 * A number that needs no unit in its name, since the record carries one.
 *
 * @param value the number
 * @param unit its unit
 */
public record Priced(double value, String unit) {}
