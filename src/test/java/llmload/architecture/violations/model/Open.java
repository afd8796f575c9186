package llmload.architecture.violations.model;

/** An interface that anybody may implement. */
public interface Open {}
