package llmload.architecture.violations.grading;

import io.gatling.javaapi.core.Simulation;

/** A simulation that Gatling would find where nobody expects one. */
public class StraySimulation extends Simulation {}
