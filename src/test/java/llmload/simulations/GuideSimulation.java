package llmload.simulations;

import java.util.List;
import llmload.run.OwnSettings;
import llmload.run.Workload;
import llmload.schema.SchemaShape;
import llmload.simulations.scenarios.GuideConversations;
import llmload.simulations.scenarios.GuideSettings;
import llmload.simulations.scenarios.LoadRequests;

/**
 * llm-server's performance guide from its first scenario to its last: health, list of models,
 * structured answers of three shapes, free text, a batch, and conversations of three lengths.
 */
public final class GuideSimulation extends PartedSimulation {
  private static final OwnSettings<GuideSettings> OWN = OwnSettings.by(GuideSettings::read);

  /** Builds the load; Gatling makes the instance. */
  public GuideSimulation() {
    super(
        Workload.closed("guide")
            .with(OWN)
            .endingItself()
            .exporting("llm-server-conversations")
            .heldTo("llm-server-guide"));
    GuideSettings guide = OWN.value();
    LoadRequests texts = requests(guide.maxTokens());
    warmUp(texts.wholeChat("unstructured"));
    part("health", requests().health("health"), guide.lookUsers(), guide.lookTime());
    part("models", requests().models("models"), guide.lookUsers(), guide.lookTime());
    for (SchemaShape shape : SchemaShape.values()) {
      String name = "structured_" + shape.id();
      part(name, requests().structured(name, List.of(shape)), guide.structuredCount());
    }
    part("unstructured", texts.wholeChat("unstructured"), guide.unstructuredCount());
    part("batch", texts.wholeChat("batch"), guide.batchUsers(), guide.batchTime());
    GuideConversations conversations =
        new GuideConversations(projectFolder(), texts, guide.conversationPause());
    guide
        .conversations()
        .forEach(
            (kind, count) -> {
              if (count > 0) {
                part(conversations.of(kind, count));
              }
            });
    begin();
  }
}
