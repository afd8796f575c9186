package llmload.model;

/**
 * A confidence interval in the unit of the record that holds it.
 *
 * @param low its lower end
 * @param high its upper end
 * @param unit the unit of both
 */
public record Interval(double low, double high, String unit) {}
