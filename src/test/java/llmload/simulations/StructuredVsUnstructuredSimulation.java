package llmload.simulations;

import llmload.model.RequestKind;
import llmload.run.OwnSettings;
import llmload.run.Workload;
import llmload.simulations.scenarios.StructuredPairs;
import llmload.simulations.scenarios.StructuredPairsSettings;
import llmload.wire.Dialects;

/**
 * The same ask twice, once for an answer that the server holds to a schema and once for free text,
 * in random order and next to each other, so that what differs between the two is the schema.
 *
 * <p>Each pair has a schema of its own. Where the server keeps schemas, all are registered first.
 */
public final class StructuredVsUnstructuredSimulation extends PartedSimulation {
  private static final OwnSettings<StructuredPairsSettings> OWN =
      OwnSettings.by(StructuredPairsSettings::read);

  /** Builds the load; Gatling makes the instance. */
  public StructuredVsUnstructuredSimulation() {
    super(
        Workload.closed("structured_vs_unstructured")
            .with(OWN)
            .endingItself()
            .exporting("llm-server-comparison")
            .heldTo("llm-server-structured"));
    StructuredPairs pairs =
        new StructuredPairs(
            OWN.value(), settings().load(), settings().request(), runId(), requests());
    boolean registers =
        Dialects.of(settings().target().dialect()).kinds().contains(RequestKind.SCHEMA);
    long pairCount = pairs.pairCount();
    plan(pairCount * (registers ? 3 : 2));
    warmUp(pairs.warmUp());
    if (registers) {
      part("schema_registration", pairs.registration(), pairCount, 1);
    }
    part("pairs", pairs.next(), pairCount);
    begin();
  }
}
